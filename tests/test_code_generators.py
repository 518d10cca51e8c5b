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
from generators.outcome import Outcome
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
FENCED = f"```python\n{RIGHT}```"


def outcome_of(
    folder: Path, generator: Callable[[Lab, Any], Awaitable[Outcome]], seed: object, engine: ScriptedEngine
) -> Outcome:
    async def once() -> Outcome:
        with Ledger(folder) as ledger:
            async with Sandbox(slots=1) as box:
                return await generator(Lab(engine, ledger, Library(), box).bench(0), seed)

    return asyncio.run(once())


def in_turn(*answers: str) -> Callable[[str, int], str]:
    return lambda _, number: answers[number]


def test_a_sample_cut_by_the_token_limit_is_learned_as_its_finished_program(tmp_path: Path) -> None:
    problem = Problem("p", "Write twice(n).", TESTS, "twice")
    engine = ScriptedEngine(in_turn(f"Sure.\n```python\n{RIGHT}\nprint(tw"), finish_reason="length")
    found = outcome_of(tmp_path, rejection_sampling, problem, engine)
    assert found.accepted
    assert found.payload["completion"] == FENCED
    assert found.payload["messages"][-1] == {"role": "assistant", "content": FENCED}


def test_a_cut_solution_is_the_turn_of_a_dialogue_as_its_finished_program(tmp_path: Path) -> None:
    # The templates begin the answer: a fence, and for tests `assert twice(`.
    engine = ScriptedEngine(
        in_turn("twice(n)` that returns 2n.", f"\n{RIGHT}\nprint(tw", "2) == 4\nassert twice(0) == 0\n"),
        finish_reason="length",
    )
    found = outcome_of(tmp_path, execution_feedback, Snippet("s", "x = 2 * x"), engine)
    assert found.accepted, found.payload
    assert found.payload["completion"] == FENCED
    assert [turn["content"] for turn in found.payload["messages"]][1:] == [FENCED]


def test_a_revised_program_follows_the_feedback_it_answers(tmp_path: Path) -> None:
    engine = ScriptedEngine(
        in_turn(
            "twice(n)` that returns 2n.", f"\n{WRONG}```", "3) == 6\nassert twice(0) == 0\n```", "code", f"\n{RIGHT}```"
        )
    )
    found = outcome_of(tmp_path, execution_feedback, Snippet("s", "x = 2 * x"), engine)
    assert found.accepted, found.payload
    assert [turn["role"] for turn in found.payload["messages"]] == ["user", "assistant", "user", "assistant"]
    assert "expected 6, got 5" in found.payload["messages"][2]["content"]
    assert found.payload["messages"][3]["content"] == FENCED
    assert found.payload["rejected"] == f"```python\n{WRONG}```"
    assert found.payload["changes"] == ["code"]
