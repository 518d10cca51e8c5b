"""The problems that a run leaves for reinforcement learning are those that it asked, whole."""

import asyncio
import json
from pathlib import Path
from typing import Any

from scripted import ScriptedEngine

from alignment.data.sets import export
from evaluation.problems import read_problems
from generators.code.rejection_sampling import rejection_sampling
from generators.lab import Lab
from ledger import Ledger
from ledger.rows import Row, Status
from prompts import Library
from sandbox import Program, Report, Verdict

HUMANEVAL = {
    "task_id": "HumanEval/0",
    "prompt": 'from typing import List\n\n\ndef total(xs: List[int]) -> int:\n    """Add."""\n',
    "canonical_solution": "    return sum(xs)\n",
    "test": "def check(candidate):\n    assert candidate([1, 2]) == 3\n",
    "entry_point": "total",
}


class Accepting:
    """Stands in for the sandbox."""

    def identity(self, language: str) -> str:
        return ""

    async def run(self, program: Program, **_: Any) -> Report:
        return Report(Verdict.accepted)


def test_those_of_humaneval_keep_the_name_that_is_tested_and_the_imports_of_their_prompt(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text(json.dumps(HUMANEVAL) + "\n")
    (problem,) = read_problems(tmp_path / "p.jsonl").problems
    with Ledger(tmp_path / "run") as ledger:
        engine = ScriptedEngine(lambda *_: "```python\ndef total(xs: List[int]) -> int:\n    return sum(xs)\n```")
        tried = asyncio.run(rejection_sampling(Lab(engine, ledger, Library(), Accepting()).attempt(0), problem))
        asyncio.run(ledger.record_row(Row("code/rejection-sampling", 0, Status.accepted, "", problem.id, tried.sample)))
        *_, found = export(ledger, max_per_problem=4, pairs_per_problem=4, wanted=["problems"])
    (again,) = read_problems(found.path).problems
    assert (again.preamble, again.entry_point) == ("from typing import List", "total")
    assert (again.prompt, again.tests, again.id) == (problem.prompt, problem.tests, problem.id)
