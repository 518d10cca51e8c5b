"""Text from code and code from text, bugs and their mends, and what they rest on: whether two programs behave alike."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from labelled.behaviours import REWRITES, program
from scripted import ScriptedEngine

from generators.code.backtranslation import backtranslation
from generators.code.debugging import debugging, distance
from generators.lab import Lab
from generators.sample import Outcome
from generators.seeds import Problem, Snippet
from generators.seeds.kinds import PROBLEMS
from generators.seeds.load import load
from ledger import Ledger
from prompts import Library
from sandbox import Limits, Sandbox, docker_problem
from verification.behaviour import Difference, behaves_as, difference
from verification.calls import calls_for
from verification.differential import Call

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]
SEEDS = Path(__file__).resolve().parents[2] / "recipes" / "seeds" / "python-problems.jsonl"
TIP = Snippet("tip", "def tip(bill, percent):\n    extra = bill * percent // 100\n    return bill + extra\n", "money")
TEXT = " adds percent per cent of the bill, rounded down, to the bill and returns the sum."
GOOD = "\ndef tip(bill, percent):\n    return bill + (bill * percent) // 100\n```"
BRIEF = Limits(cpu_s=2)
"""Enough for all here that end; one that does not is run to its limit."""
CLAMP = Problem(
    "clamp",
    "Write a Python function `clamp(n, low, high)` that returns n, or the nearer bound where it is outside.",
    "assert clamp(5, 1, 9) == 5\nassert clamp(0, 1, 9) == 1\nassert clamp(12, 1, 9) == 9\nassert clamp(9, 1, 9) == 9\n",
    "clamp",
    "def clamp(n, low, high):\n    if n < low:\n        return low\n    return min(n, high)\n",
)


def with_lab(folder: Path, engine: ScriptedEngine, work: Callable[[Lab], Awaitable[Any]]) -> Any:
    async def once() -> Any:
        with Ledger(folder) as ledger:
            async with Sandbox(slots=2) as box:
                return await work(Lab(engine, ledger, Library(), box, limits=BRIEF))

    engine.max_model_len = 10_000
    return asyncio.run(once())


def outcome_of(
    folder: Path,
    generator: Callable[..., Awaitable[Outcome]],
    seed: object,
    *answers: str,
    sample: int = 0,
    **options: Any,
) -> Outcome:
    engine = ScriptedEngine(lambda _, number: answers[number])
    found: Outcome = with_lab(folder, engine, lambda lab: generator(lab.attempt(sample), seed, **options))
    return found


def rates(right: Sequence[Difference], wrong: Sequence[Difference], name: str) -> tuple[int, int]:
    accepted = sum(found.verdict == "same" for found in wrong)
    refused = sum(found.verdict != "same" for found in right)
    print(f"\n{name}: false accept {accepted}/{len(wrong)}, false reject {refused}/{len(right)}")
    return accepted, refused


def test_programs_that_behave_alike_are_told_from_ones_that_do_not(tmp_path: Path) -> None:
    async def compare(lab: Lab) -> tuple[list[Difference], list[Difference]]:
        async def one(call: str, body: str, reference: str) -> Difference:
            code, known = program(body, call), program(reference, call)
            calls = calls_for(known, "f", f"assert {call}\n", at_most=24)
            return await behaves_as(lab.run, code, known, calls, entry_point="f")

        right = await asyncio.gather(*(one(call, same, reference) for call, reference, same, _ in REWRITES))
        wrong = await asyncio.gather(*(one(call, other, reference) for call, reference, _, other in REWRITES))
        return list(right), list(wrong)

    right, wrong = with_lab(tmp_path, ScriptedEngine(lambda *_: ""), compare)
    assert len(right) >= 40 and len(wrong) >= 40
    assert not [REWRITES[n][3] for n, found in enumerate(wrong) if found.verdict == "same"]
    assert not [(REWRITES[n][2], found) for n, found in enumerate(right) if found.verdict == "different"]
    accepted, refused = rates(right, wrong, "behaviour equality")
    assert accepted == 0 and refused == 0


def test_too_few_answers_or_always_the_same_one_decide_nothing() -> None:
    calls = [Call("f", (n,)) for n in range(6)]
    assert difference(calls[:4], ["1", "2", "3", "4"], ["1", "2", "3", "4"]).verdict == "undecided"
    assert difference(calls, ["7"] * 6, ["7"] * 6).verdict == "undecided"
    assert difference(calls, ["1", "2", "3", "4", "5", None], ["1", "2", "3", "4", "5", "6"]).verdict == "different"
    assert (
        difference(calls, ["1", "2", "3", "4", "5", "6"], ["1", "2", "3", "4", "raised ValueError", None]).verdict
        == "undecided"
    )
    assert difference(calls, ["0", "2", "3", "4", "5", "6"], ["1", "2", "3", "4", "5", "6"]).differing == (
        "f(0): 0, reference 1",
    )


def test_a_text_that_gives_back_the_program_is_a_row_in_both_directions(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, backtranslation, TIP, TEXT, GOOD, "5", kinds=("documentation",))
    assert found.accepted, found.sample
    row = found.sample
    assert row.completion.startswith("`tip(bill, percent)` adds percent")
    assert (row.evidence["behaviour"], row.evidence["score"], row.evidence["kind"]) == ("same", 5, "documentation")
    assert row.evidence["inputs"] >= 5
    assert TIP.code.strip() in row.messages[0]["content"] and row.messages[1]["content"] == row.completion
    assert (
        row.completion in row.evidence["back_messages"][0]["content"]
        and "return bill + (bill" in row.evidence["back_messages"][1]["content"]
    )


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((TEXT, "\ndef tip(bill, percent):\n    return bill + bill * percent / 100\n```"), "different"),
        ((TEXT, "\ndef tip(bill):\n    return bill\n```"), "different"),
        ((TEXT, "\ndef tip(bill, percent):\n    while True: pass\n```"), "different"),
        ((TEXT, "\nimport missing_module\n\ndef tip(bill, percent):\n    return bill\n```"), "different"),
        ((TEXT, GOOD, "3"), "low_score"),
        ((TEXT, GOOD, "five"), "low_score"),
        ((TEXT, "\n\n"), "no_code"),
        ((" is extra = bill * percent // 100 and then bill + extra",), "leaks_code"),
    ],
    ids=[
        "a division too exact",
        "an argument short",
        "no end",
        "no module",
        "a low score",
        "no score",
        "no code",
        "code in the text",
    ],
)
def test_a_text_that_does_not_give_back_the_program_is_refused(
    answers: tuple[str, ...], reason: str, tmp_path: Path
) -> None:
    found = outcome_of(tmp_path, backtranslation, TIP, *answers, kinds=("documentation",))
    assert (found.accepted, found.reason) == (False, reason), found.sample


def test_another_name_for_the_function_is_no_other_behaviour(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, backtranslation, TIP, TEXT, GOOD.replace("tip(", "with_tip("), "5")
    assert found.accepted, found.sample


def test_a_snippet_that_is_no_function_is_left_to_the_judge_and_says_so(tmp_path: Path) -> None:
    snippet = Snippet("s", 'words = "the cat".split()\nprint(len(words))\n')
    answers = (" counts the words of a text and prints the number.", '\nprint(len("the cat".split()))\n```', "4")
    found = outcome_of(tmp_path / "a", backtranslation, snippet, *answers)
    assert found.accepted and found.sample.evidence["behaviour"] == "not run"
    proved = outcome_of(tmp_path / "b", backtranslation, snippet, *answers, proved_only=True)
    assert (proved.accepted, proved.reason) == (False, "not_run")


def test_a_mended_bug_is_a_dialogue_with_the_failing_feedback(tmp_path: Path) -> None:
    answer = f" that a bound is not what the task says, so a number outside of it comes out wrong.\n\n```python\n{CLAMP.reference}```\n"
    found = outcome_of(tmp_path, debugging, CLAMP, answer)
    assert found.accepted, found.sample
    row = found.sample
    assert (
        row.evidence["changed_lines"] >= 1
        and row.evidence["lines_from_original"] == 0
        and row.evidence["behaviour"] == "same"
    )
    assert "FAILED assert clamp(" in row.messages[0]["content"]
    assert (
        row.evidence["faulty_code"].strip() in row.messages[0]["content"]
        and row.evidence["faulty_code"].strip() in row.rejected
    )
    assert row.messages[1]["content"].startswith("The bug is that a bound")


def test_every_sample_of_a_problem_has_another_bug_that_fails_a_test(tmp_path: Path) -> None:
    answer = f" something that is told in more than six words here.\n```python\n{CLAMP.reference}```\n"
    rows = [outcome_of(tmp_path / str(n), debugging, CLAMP, answer, sample=n).sample for n in range(3)]
    assert len({row.evidence["faulty_code"] for row in rows}) == 3


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("def clamp(n, low, high):\n    return low\n", "test_failure"),
        ("def clamp(n, low, high):\n    return sorted((low, n, high)\n", "parse_error"),
        ("def clamp(n, low, high):\n    return {5: 5, 0: 1, 12: 9, 9: 9}[n]\n", "different"),
        ("", "no_code"),
    ],
    ids=["still wrong", "no Python", "only the tests", "no program"],
)
def test_a_mend_that_does_not_hold_is_refused(code: str, reason: str, tmp_path: Path) -> None:
    fenced = f"```python\n{code}```\n" if code else "I cannot tell."
    found = outcome_of(tmp_path, debugging, CLAMP, f" a wrong bound, which I correct here at once.\n{fenced}")
    assert (found.accepted, found.reason) == (False, reason), found.sample


def test_a_bug_left_as_it_is_or_mended_without_a_word_is_refused(tmp_path: Path) -> None:
    first = outcome_of(
        tmp_path / "a", debugging, CLAMP, " nothing that I could name in so many words.\n```python\nx\n```"
    ).sample
    same = f" nothing that I could name in so many words.\n```python\n# as it was\n{first.evidence['faulty_code']}```\n"
    assert outcome_of(tmp_path / "b", debugging, CLAMP, same).reason == "unchanged"
    assert (
        outcome_of(tmp_path / "c", debugging, CLAMP, f"\n```python\n{CLAMP.reference}```\n").reason == "no_explanation"
    )


def test_every_seed_problem_has_a_bug_that_its_tests_find(tmp_path: Path) -> None:
    problems = load(PROBLEMS, [SEEDS]).items[:24]

    async def all_of_them(lab: Lab) -> list[Outcome]:
        return list(await asyncio.gather(*(debugging(lab.attempt(0), problem) for problem in problems)))

    found = with_lab(tmp_path, ScriptedEngine(lambda *_: " none that I know of, I am sorry."), all_of_them)
    reasons = [outcome.reason for outcome in found]
    assert set(reasons) <= {"no_code", "no_bug"}
    assert reasons.count("no_bug") <= 1


def test_distance_counts_lines_that_say_something_else() -> None:
    assert distance("def f(a):\n    return a\n", "def f(a):  # same\n\n    return (a)\n") == 0
    assert distance("def f(a):\n    b = a\n    return b\n", "def f(a):\n    return a\n") == 2
