"""Programs a second and seconds a program: the sandbox of an older revision beside today's, in turn.

    python benchmarks/sandbox/older_sandbox.py --before 41a7f11 --problems mbpp_release_v1.jsonl [--programs 500] [--pairs 9]

MBPP's canonical solutions with their tests, two at a time, then one after the other for the latency. Each side is a
process of its own in a clone of its revision, with this interpreter's packages; its containers are warm before the clock
starts, and it says how many programs it accepted. Printed: both sides of each pair, then the median of the ratios, the
smallest and the largest. Nothing else may run on the machine meanwhile.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SIDE = """
import asyncio, json, statistics, sys, time
from sandbox import Program, Sandbox

rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")][: int(sys.argv[2])]
programs = []
for row in rows:
    solution = row["canonical_solution"]
    whole = solution if solution.startswith("def") else row["prompt"] + solution
    programs.append(Program(whole, row["test"], row["entry_point"]))


async def main():
    async with Sandbox(slots=2) as box:
        await asyncio.gather(*(box.run(program) for program in programs[:40]))
        begun = time.monotonic()
        reports = await asyncio.gather(*(box.run(program) for program in programs))
        rate = len(programs) / (time.monotonic() - begun)
        each = []
        for program in programs[:100]:
            begun = time.monotonic()
            await box.run(program)
            each.append(time.monotonic() - begun)
    print(json.dumps({"rate": rate, "p50": statistics.median(each), "accepted": sum(r.accepted for r in reports)}))


asyncio.run(main())
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", required=True, help="the older revision")
    parser.add_argument("--problems", type=Path, required=True, help="MBPP in MBXP's form, JSONL")
    parser.add_argument("--programs", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/lab-older"), help="where the older one is cloned to")
    asked = parser.parse_args()
    older = asked.folder / asked.before
    if not older.exists():
        subprocess.run(["git", "clone", "--quiet", ROOT, older], check=True)
        subprocess.run(["git", "-C", older, "checkout", "--quiet", asked.before], check=True)
    ratios: dict[str, list[float]] = {"rate": [], "p50": []}
    for number in range(asked.pairs):
        places = (older, ROOT) if number % 2 else (ROOT, older)
        said = {place: side(place, asked.problems, asked.programs) for place in places}
        for name, found in ratios.items():
            found.append(said[ROOT][name] / said[older][name])
        print(f"before {told(said[older])}   today {told(said[ROOT])}", flush=True)
    for name, found in ratios.items():
        print(f"{name}: today / before {statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})")


def side(place: Path, problems: Path, programs: int) -> dict[str, Any]:
    command = [sys.executable, "-c", SIDE, str(problems.resolve()), str(programs)]
    environment = {**os.environ, "PYTHONPATH": str(place)}
    done = subprocess.run(command, cwd=place, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def told(said: dict[str, Any]) -> str:
    return f"{said['rate']:.1f}/s, p50 {said['p50'] * 1000:.1f} ms, {said['accepted']} accepted"


if __name__ == "__main__":
    main()
