"""What the code generators make of answers. The checkpoint is a script, the sandbox is real."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from scripted import ScriptedEngine

from generators.code.execution_feedback import execution_feedback
from generators.code.rejection_sampling import rejection_sampling
from generators.lab import Lab
from generators.sample import Outcome
from generators.seeds import Problem, Snippet
from ledger import Ledger
from prompts import Library
from sandbox import Sandbox, docker_problem

pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]
TESTS = "assert twice(2) == 4\nassert twice(0) == 0\n"
RIGHT = "def twice(n):\n    return 2 * n\n"
WRONG = "def twice(n):\n    return n + 2\n"
UNPROVED = (
    "class Held:\n    def __init__(self, n):\n        self.n = n\n    def __eq__(self, other):\n"
    "        return self.n == other\ndef twice(n):\n    return Held(2 * n)\n"
)
"""It passes its tests in one process, and an object of its own decides so."""
FENCED = f"```python\n{RIGHT}```"


def outcome_of(
    folder: Path, generator: Callable[..., Awaitable[Outcome]], seed: object, engine: ScriptedEngine, **options: Any
) -> Outcome:
    async def once() -> Outcome:
        with Ledger(folder) as ledger:
            async with Sandbox(slots=1) as box:
                return await generator(Lab(engine, ledger, Library(), box).attempt(0), seed, **options)

    return asyncio.run(once())


def in_turn(*answers: str) -> Callable[[str, int], str]:
    return lambda _, number: answers[number]


def test_a_sample_cut_by_the_token_limit_is_learned_as_its_finished_program(tmp_path: Path) -> None:
    problem = Problem("p", "Write twice(n).", TESTS, "twice")
    engine = ScriptedEngine(in_turn(f"Sure.\n```python\n{RIGHT}\nprint(tw"), finish_reason="length")
    found = outcome_of(tmp_path, rejection_sampling, problem, engine)
    assert found.accepted
    assert found.sample.completion == FENCED
    assert found.sample.messages[-1] == {"role": "assistant", "content": FENCED}


def test_a_cut_solution_is_the_turn_of_a_dialogue_as_its_finished_program(tmp_path: Path) -> None:
    # The templates begin the answer: a fence, and for tests `assert twice(`.
    engine = ScriptedEngine(
        in_turn("twice(n)` that returns 2n.", f"\n{RIGHT}\nprint(tw", "2) == 4\nassert twice(0) == 0\n"),
        finish_reason="length",
    )
    found = outcome_of(tmp_path, execution_feedback, Snippet("s", "x = 2 * x"), engine)
    assert found.accepted, found.sample
    assert found.sample.completion == FENCED
    assert [turn["content"] for turn in found.sample.messages][1:] == [FENCED]


def test_a_revised_program_follows_the_feedback_it_answers(tmp_path: Path) -> None:
    engine = ScriptedEngine(
        in_turn(
            "twice(n)` that returns 2n.", f"\n{WRONG}```", "3) == 6\nassert twice(0) == 0\n```", "code", f"\n{RIGHT}```"
        )
    )
    found = outcome_of(tmp_path, execution_feedback, Snippet("s", "x = 2 * x"), engine)
    assert found.accepted, found.sample
    assert [turn["role"] for turn in found.sample.messages] == ["user", "assistant", "user", "assistant"]
    assert "expected 6, got 5" in found.sample.messages[2]["content"]
    assert found.sample.messages[3]["content"] == FENCED
    assert found.sample.rejected == f"```python\n{WRONG}```"
    assert found.sample.changes == ("code",)


TWICE = Problem("p", "Write twice(n).", TESTS, "twice", difficulty="hard")


@pytest.mark.parametrize(
    ("correctness", "style", "reason"),
    [("1", "1", ""), ("1", "0", "judge_style"), ("0", "1", "judge_wrong"), ("excellent", "1", "judge_wrong")],
)
def test_the_judge_keeps_only_what_has_both_points(tmp_path: Path, correctness: str, style: str, reason: str) -> None:
    engine = ScriptedEngine(in_turn(FENCED, correctness, style))
    found = outcome_of(tmp_path, rejection_sampling, TWICE, engine, judge=True)
    assert found.reason == reason
    assert found.accepted or found.sample.passed_tests


def test_what_the_judge_or_the_tests_refuse_is_written_again_before_it_is_dropped(tmp_path: Path) -> None:
    better = RIGHT.replace("    return", '    """Twice n."""\n    return')
    engine = ScriptedEngine(
        in_turn(f"```python\n{WRONG}```", f"\n{WRONG}```", f"\n{RIGHT}```", "1", "0", f"\n{better}```", "1", "1")
    )
    found = outcome_of(tmp_path, rejection_sampling, TWICE, engine, judge=True, revisions=3)
    assert found.accepted, found.sample
    assert (found.sample.evidence["revised"], found.sample.evidence["points"]) == (3, 2)
    assert found.sample.messages[0]["role"] == "user"


@pytest.mark.parametrize(("first", "is_loser"), [(UNPROVED, False), (WRONG, True)])
def test_what_nothing_was_proved_of_is_no_losing_side(tmp_path: Path, first: str, is_loser: bool) -> None:
    answer = f"```python\n{first}```"
    engine = ScriptedEngine(in_turn(answer, f"\n{RIGHT}```"))
    found = outcome_of(tmp_path, rejection_sampling, TWICE, engine, revisions=1)
    assert found.accepted, found.sample
    assert found.sample.rejected == (answer if is_loser else "")


def test_the_steering_prompt_is_asked_with_and_left_out_of_the_data(tmp_path: Path) -> None:
    found = outcome_of(tmp_path, rejection_sampling, TWICE, ScriptedEngine(in_turn(FENCED)), steer=True)
    assert [turn["role"] for turn in found.sample.messages] == ["user", "assistant"]
    with Ledger(tmp_path, readonly=True) as ledger:
        (asked,) = ledger.effects("ask")
    assert [turn["role"] for turn in asked.request["messages"]] == ["system", "user"]


def test_a_problem_in_another_language_is_solved_and_judged_in_it(tmp_path: Path) -> None:
    problem = Problem(
        "p", "Write a PHP function `twice($n)`.", "assert(twice(2) === 4);\n", "twice", programming_language="php"
    )
    answer = "```php\n<?php\nfunction twice($n) { return 2 * $n; }\n```"
    found = outcome_of(tmp_path, rejection_sampling, problem, ScriptedEngine(in_turn(answer)))
    assert found.accepted, found.sample
    assert "in PHP, in one ```php block" in found.sample.prompt[0]["content"]


def test_tests_that_all_expect_one_value_prove_nothing(tmp_path: Path) -> None:
    engine = ScriptedEngine(
        in_turn("twice(n)` that returns 0.", "\ndef twice(n):\n    return 0\n```", "3) == 0\nassert twice(0) == 0\n```")
    )
    found = outcome_of(tmp_path, execution_feedback, Snippet("s", "x = 2 * x"), engine)
    assert found.reason == "weak_tests"
