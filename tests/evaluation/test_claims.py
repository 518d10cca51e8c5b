"""What may be said of two checkpoints: a gain only where greedy and sampled answers both show it."""

import pytest

from evaluation.claims import Claim, Outcomes, claim

PROBLEMS = [f"p{n:02}" for n in range(80)]


def outcomes(greedy: int, sampled: int | None, *, texts: int = 3, temperature: float = 0.8) -> Outcomes:
    """So many problems right greedily, and by all three sampled answers; of which so many are different texts."""
    return Outcomes(
        {problem: [n < greedy] for n, problem in enumerate(PROBLEMS)},
        {problem: [n < sampled] * 3 for n, problem in enumerate(PROBLEMS)} if sampled is not None else {},
        {problem: [f"{i % texts}" for i in range(3)] for problem in PROBLEMS} if sampled is not None else {},
        temperature if sampled is not None else None,
    )


def said(before: Outcomes, after: Outcomes) -> Claim:
    return claim(("start", before), ("sft", after), "b")


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (outcomes(20, 10), outcomes(40, 30), "better: greedily +25.0%"),
        (outcomes(40, 30), outcomes(20, 10), "worse: greedily -25.0%"),
        (outcomes(24, 10), outcomes(25, 26, texts=1), "sharper: at temperature 0.8 it rose (+20.0%"),
        (outcomes(24, 10), outcomes(25, 26), "unclear: at temperature 0.8 it rose (+20.0%"),
        (outcomes(20, 20), outcomes(40, 21), "unclear: at temperature 0.8 no difference is shown (+1.2%"),
        (outcomes(20, 30), outcomes(40, 10), "unclear: at temperature 0.8 it fell (-25.0%"),
        (outcomes(24, 20), outcomes(25, 21), "no difference shown: greedily +1.2%"),
        (outcomes(20, None), outcomes(40, None), "higher greedily (+25.0%"),
        (outcomes(24, None), outcomes(25, 30), "no difference shown greedily (+1.2%"),
    ],
)
def test_the_word_is_no_stronger_than_what_both_decodings_show(before: Outcomes, after: Outcomes, word: str) -> None:
    found = said(before, after)
    assert found.verdict.startswith(word)
    assert found.verdict.endswith(", 80 problems")


def test_samples_at_two_temperatures_are_not_compared() -> None:
    found = said(outcomes(20, 10), outcomes(40, 30, temperature=0.2))
    assert (found.sampled, found.alike) == (None, None)
    assert "sampled answers were not compared" in found.verdict


def test_how_alike_the_samples_are_is_told_before_and_after() -> None:
    assert said(outcomes(1, 1), outcomes(1, 1, texts=1)).alike == (0, 1)
    assert said(outcomes(1, 1), outcomes(1, 1, texts=2)).alike == pytest.approx((0, 1 / 3))


def test_problems_won_and_lost_are_named() -> None:
    before, after = outcomes(3, 1), outcomes(2, 1)
    after.greedy["p70"][0] = True
    found = said(before, after)
    assert (found.won, found.lost) == (["p70"], ["p02"])
