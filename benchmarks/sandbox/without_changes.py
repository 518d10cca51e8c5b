"""How many of MBPP's canonical solutions run with their tests once more without what they changed (`judge/undone.py`).

    python benchmarks/sandbox/without_changes.py --data mbxp/mbpp_release_v1.jsonl

Run are only those whose tests hold anything between two calls; of the others no run is asked, whatever they change.
"""

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

import syntax
from sandbox import Limits, Program, Sandbox
from sandbox.judge import undone
from sandbox.judge.plain import are_calls

WIDE = Limits(cpu_s=20, wall_s=40, memory_bytes=1 << 30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="MBPP as MBXP has it")
    rows = [json.loads(line) for line in parser.parse_args().data.read_text(encoding="utf-8").splitlines() if line]
    programs = [Program(row["prompt"] + row["canonical_solution"], row["test"], row["entry_point"]) for row in rows]
    holding = [program for program in programs if not are_calls(syntax.module(program.tests))]
    ways: list[str] = []
    ask = undone.asked

    def counted(tests: str, said: dict[str, Any] | None) -> list[str]:
        found = ask(tests, said)
        ways.extend(found[:1])
        return found

    undone.asked = counted
    asyncio.run(_run(holding))
    print(f"{len(programs)} programs, {len(holding)} with tests that hold something, {len(ways)} run once more")


async def _run(programs: list[Program]) -> None:
    async with Sandbox(limits=WIDE, slots=1) as box:
        await asyncio.gather(*(box.run(program) for program in programs))


if __name__ == "__main__":
    main()
