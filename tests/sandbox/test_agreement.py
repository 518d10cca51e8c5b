"""The MBXP canonical Python solutions get the verdict a bare interpreter gives them. LAB_MBXP names the folder.

Every second one here; `benchmarks/sandbox/sandbox_agreement.py` runs all.
"""

import asyncio
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sandbox import Limits, Program, Report, Sandbox, Verdict

FOLDER = os.environ.get("LAB_MBXP")
pytestmark = [pytest.mark.docker, pytest.mark.skipif(not FOLDER, reason="LAB_MBXP does not name the MBXP data folder")]
PATIENCE_S = 30.0
"""For both sides: on a slow machine MBPP/123 needs more than the five CPU seconds of the usual limits."""
KNOWN = {
    "MBPP/218": "an undefined name in a branch the tests do not reach is a lint error",
    "MBPP/341": "expects one iteration order of a set, which depends on how the set was built",
}


def test_canonical_solutions_agree_with_the_bare_interpreter_and_fail_without_their_body() -> None:
    lines = Path(FOLDER or "", "mbpp_release_v1.jsonl").read_text(encoding="utf-8").splitlines()
    problems = [problem for problem in map(json.loads, lines) if problem["canonical_solution"]][::2]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        bare = list(threads.map(passes_bare, problems))
    whole, empty = asyncio.run(in_the_sandbox(problems))
    differ = {
        p["task_id"] for p, report, passed in zip(problems, whole, bare, strict=True) if report.accepted != passed
    }
    assert differ <= KNOWN.keys()
    assert not [p["task_id"] for p, report in zip(problems, empty, strict=True) if report.accepted]
    assert all(report.verdict is not Verdict.sandbox_fault for report in (*whole, *empty))


async def in_the_sandbox(problems: list[dict[str, Any]]) -> tuple[list[Report], list[Report]]:
    limits = Limits(cpu_s=PATIENCE_S, wall_s=2 * PATIENCE_S)
    async with Sandbox() as box:

        async def run(problem: dict[str, Any], code: str) -> Report:
            return await box.run(Program(code, problem["test"], entry_point=problem["entry_point"]), limits=limits)

        whole = await asyncio.gather(*(run(p, p["prompt"] + p["canonical_solution"]) for p in problems))
        empty = await asyncio.gather(*(run(p, p["prompt"]) for p in problems))
    return whole, empty


def passes_bare(problem: dict[str, Any]) -> bool:
    code = problem["prompt"] + problem["canonical_solution"]
    script = f"{code}\n_candidate = {problem['entry_point']}\n{problem['test']}\ncheck(_candidate)\n"
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", script],  # -S: bare, and a third of the start
            capture_output=True,
            timeout=PATIENCE_S,
            stdin=subprocess.DEVNULL,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
