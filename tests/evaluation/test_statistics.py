"""Figures that say how sure they are."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import compare, score
from evaluation.statistics import pass_at


def test_one_sample_a_problem_gets_wilsons_interval() -> None:
    found = score("b", {str(n): [n < 31] for n in range(500)})
    assert (found.n, found.passed, found.pass_at_1) == (500, 31, 0.062)
    assert found.interval == pytest.approx((0.0440, 0.0867), abs=5e-4)


def test_many_samples_of_few_problems_are_not_many_observations() -> None:
    certain = score("b", {str(n): [n % 2 == 0] * 10 for n in range(20)})
    low, high = certain.interval
    assert high - low > 0.35


def test_pass_at_k_is_the_share_of_sets_of_k_answers_that_hold_a_right_one() -> None:
    assert pass_at(1, [True, False, False, False]) == 0.25
    assert pass_at(2, [True, False, False, False]) == pytest.approx(3 / 6)
    assert pass_at(3, [True, True, False, False]) == 1
    assert pass_at(4, [False] * 4) == 0
    with pytest.raises(ValueError, match="pass@3 of 2 answers"):
        pass_at(3, [True, False])


def test_pass_at_k_has_no_bias_however_many_samples_it_is_estimated_from() -> None:
    random, rate = Random(1), 0.3
    for samples in (2, 5):
        drawn = [pass_at(2, [random.random() < rate for _ in range(samples)]) for _ in range(20_000)]
        assert sum(drawn) / len(drawn) == pytest.approx(1 - (1 - rate) ** 2, abs=0.01)


def test_a_score_tells_pass_at_k_as_far_as_every_problem_has_answers() -> None:
    passes = {str(n): [n % 2 == 0, False, False] for n in range(40)}
    told = score("b", passes).to_dict("start", "sampled", 0.8)
    assert list(told["pass@k"]) == ["2", "3"]
    value, low, high = told["pass@k"]["3"]
    assert low < value == 0.5 < high
    assert list(score("b", {**passes, "40": [True, True]}).pass_at) == [2]
    assert "pass@k" not in score("b", {"1": [True]}).to_dict("start", "greedy", 0)


def test_the_same_outcomes_show_no_difference() -> None:
    outcomes = {str(n): [n % 3 == 0, n % 2 == 0] for n in range(40)}
    found = compare(outcomes, outcomes)
    assert (found.difference, found.p_value, found.sign) == (0, 1, 0)


def test_nothing_that_differs_leaves_an_interval_with_a_width() -> None:
    same = {str(n): [True] for n in range(80)}
    low, high = compare(same, same).interval
    assert -0.03 < low < -0.02 < 0.02 < high < 0.03
    for outcomes in ([True] * 3, [False] * 3):
        low, high = score("b", {str(n): outcomes for n in range(20)}).interval
        assert 0 <= low < high <= 1
        assert high - low > 0.1


def test_a_clear_difference_is_shown_and_a_doubtful_one_is_not() -> None:
    before = {str(n): [False] for n in range(20)}
    clear = compare(before, {str(n): [n < 8] for n in range(20)})
    assert (clear.sign, round(clear.difference, 3)) == (1, 0.4)
    assert clear.p_value < 0.0078, "McNemar's exact test gives 0.0078, and is known to be too careful"
    assert compare(before, {str(n): [n < 4] for n in range(20)}).sign == 0  # McNemar's: p = 0.125


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60))
def test_the_interval_holds_zero_exactly_where_no_difference_is_shown(outcomes: list[tuple[int, int]]) -> None:
    sides = [{str(n): [i < pair[side] for i in range(3)] for n, pair in enumerate(outcomes)} for side in (0, 1)]
    found = compare(sides[0], sides[1])
    low, high = found.interval
    assert (low <= 0 <= high) == (found.p_value >= 0.05)
    assert low < high
    assert low <= found.difference <= high
    turned = compare(sides[1], sides[0])
    assert (turned.sign, turned.p_value) == (-found.sign, found.p_value)


def test_two_runs_of_one_checkpoint_differ_no_more_often_than_one_time_in_twenty() -> None:
    random, shown = Random(0), 0
    for _ in range(400):
        chances = [random.betavariate(0.5, 1.5) for _ in range(80)]
        sides = [{str(n): [random.random() < chance] for n, chance in enumerate(chances)} for _ in "ab"]
        shown += compare(sides[0], sides[1]).sign != 0
    assert shown <= 20


def test_sampled_outcomes_are_compared_by_problem() -> None:
    before = {str(n): [False, False, False] for n in range(30)}
    after = {str(n): [n < 10, False, n < 10] for n in range(30)}
    found = compare(before, after)
    assert found.p_value < 0.01
    assert (found.better, found.worse) == (10, 0)


@given(st.lists(st.booleans(), min_size=1, max_size=60), st.data())
def test_the_score_lies_within_its_interval(outcomes: list[bool], data: st.DataObject) -> None:
    found = score("b", {str(n): [outcome] for n, outcome in enumerate(outcomes)})
    low, high = found.interval
    assert -1e-9 <= low <= found.pass_at_1 + 1e-9
    assert found.pass_at_1 - 1e-9 <= high <= 1 + 1e-9


def test_evaluations_with_no_problem_in_common_are_not_compared() -> None:
    with pytest.raises(ValueError, match="share no problem"):
        compare({"a": [True]}, {"b": [True]})
