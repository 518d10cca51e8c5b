"""Tests as a verifier: references of our problems are accepted, their mutants are not. Error rates are printed."""

import asyncio
import json
from pathlib import Path

import pytest

from generators.seeds.load import load_problems
from sandbox import Program, Sandbox, docker_problem

PROBLEMS = Path(__file__).parents[2] / "recipes" / "seeds" / "python-problems.jsonl"
pytestmark = [
    pytest.mark.docker,
    pytest.mark.skipif(docker_problem() is not None, reason=f"Docker: {docker_problem()}"),
]


def test_right_programs_are_accepted_and_wrong_ones_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    problems = load_problems(PROBLEMS).items[::3]
    mutants = {str(row["task_id"]): row["mutants"] for row in map(json.loads, PROBLEMS.read_text().splitlines())}
    right = [Program(problem.reference, problem.tests, problem.entry_point) for problem in problems]
    wrong = [
        Program(mutant, problem.tests, problem.entry_point, lint=False)
        for problem in problems
        for mutant in mutants[problem.id]
    ]

    async def accepted() -> list[bool]:
        async with Sandbox(slots=2) as box:
            reports = await asyncio.gather(*(box.run(program) for program in [*right, *wrong]))
        return [report.accepted for report in reports]

    found = asyncio.run(accepted())
    refused, taken = found[: len(right)].count(False), found[len(right) :].count(True)
    with capsys.disabled():
        print(f"\ntests: {taken}/{len(wrong)} false accepts, {refused}/{len(right)} false rejects")
    assert min(len(right), len(wrong)) >= 40
    assert taken == 0
    assert refused == 0
