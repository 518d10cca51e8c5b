"""How much generated inputs can tell: the wrong versions of our seed problems, compared with their references by behaviour alone.

    python benchmarks/verification/behaviour_inputs.py [--inputs 48]

Inputs are made twice: from two of a problem's tests, and from names and use alone. Each wrong version fails a test of its problem,
so "same" is a false accept; "undecided" is never accepted.
"""

import argparse
import asyncio
import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, cast

from generators.lab import Lab
from generators.seeds import Problem
from generators.seeds.load import load_problems
from ledger import Ledger
from prompts import Library
from recipes.names import SEEDS
from sandbox import Sandbox
from verification.behaviour import behaves_as
from verification.calls import calls_for

PROBLEMS = SEEDS / "python-problems.jsonl"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=48)
    most = parser.parse_args().inputs
    mutants = {str(row["task_id"]): row["mutants"] for row in map(json.loads, PROBLEMS.read_text().splitlines())}
    problems = load_problems(PROBLEMS).items
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder)) as ledger:
        async with Sandbox() as box:
            lab = Lab(cast(Any, None), ledger, Library(), box)  # nothing is asked of a checkpoint

            async def verdict(problem: Problem, mutant: str, tests: str) -> str:
                calls = calls_for(problem.reference, problem.entry_point, tests, at_most=most)
                found = await behaves_as(lab.run, mutant, problem.reference, calls, entry_point=problem.entry_point)
                return found.verdict

            for label, shown in (("two of the problem's tests", 2), ("names and use alone", 0)):
                found = Counter(
                    await asyncio.gather(
                        *(
                            verdict(problem, mutant, "\n".join(problem.tests.splitlines()[:shown]))
                            for problem in problems
                            for mutant in mutants[problem.id]
                        )
                    )
                )
                total = found.total()
                said = "  ".join(f"{name} {count} ({count / total:.1%})" for name, count in found.most_common())
                print(f"inputs from {label}: {total} wrong versions  {said}", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
