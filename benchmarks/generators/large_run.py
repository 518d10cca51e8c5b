"""A run of 100,000 rows: what its replay, its report and `lab why` cost, in seconds, CPU seconds (which say more where the
machine is busy) and memory.

    python benchmarks/generators/large_run.py [--rows 100000] [--out /tmp/lab-large]

The run is made by the real driver, generator and ledger; what would take days, the model's answers and the sandbox's
verdicts, comes from a table, so that all that is timed is Lab's own. Then the rows are taken out (not the effects) and the
same generator goes through all of it again with neither model nor sandbox, and the commands read the run, each in a process
of its own.
"""

import argparse
import asyncio
import json
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

STAGE = "code/rejection-sampling"
IN_FLIGHT = 256
PROBLEMS = 160
"""In the train split of our seeds."""


class Answers:
    """In the model's place: one of 40 answers to each problem."""

    identity = name = "a table"
    max_model_len = 100_000
    loading_s = 0.0

    async def complete(self, messages: Sequence[Any], sampling: Any, **_: Any) -> Any:
        from serving import Completion

        chance = random.Random(hash((messages[-1]["content"], self.asked)) % 40)
        self.asked += 1
        lines = "\n".join(f"    value_{n} = {chance.random()}" for n in range(chance.randrange(2, 12)))
        text = f"Here it is.\n\n```python\ndef solve(*given):\n{lines}\n    return given\n```\n"
        return Completion(text, "stop", 300, len(text) // 4)

    asked = 0


class Verdicts:
    """In the sandbox's place: about one program in five passes, by what it says."""

    async def run(self, program: Any, **_: Any) -> Any:
        from sandbox import Proof, Report, TestResult, Verdict

        passed = len(program.code) % 5 == 0
        verdict = Verdict.accepted if passed else Verdict.test_failure
        test = TestResult(0, 1, "assert solve(1) == 2", passed, "" if passed else "expected 2, got (1,)")
        return Report(verdict, tests=(test,), detail="" if passed else "1 of 1 tests failed.", proof=Proof.isolated)

    def identity(self, language: str) -> str:
        return language


class NoAnswers(Answers):
    """For the replay: whoever asks has lost an effect."""

    async def complete(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a replay asked the model")


class NoVerdicts(Verdicts):
    async def run(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a replay ran a program")


async def go_through(run: Path, rows: int, engine: Any, sandbox: Any) -> dict[str, Any]:
    """The stage once, as `lab generate` drives it."""
    from generators.lab import Lab
    from generators.stage import generate
    from ledger import Ledger, facts
    from prompts import Library
    from recipes.load import resolve
    from recipes.names import SEEDS
    from recipes.schema import Generate
    from verification import workers as checks

    part: dict[str, Any] = {"generator": STAGE, "seeds": str(SEEDS / "python-problems.jsonl"), "split": "train"}
    part["samples"] = -(-rows // PROBLEMS)
    recipe = resolve({"name": "large", "generate": [part]})
    stage: Generate = recipe.generate[0]
    with Ledger(run) as ledger:
        await ledger.record(facts.RECIPE, recipe.to_plain())
        lab = Lab(engine, ledger, Library(), sandbox)
        progress = await generate(lab, stage, IN_FLIGHT, say=lambda text: None, watch=lambda progress: None)
    await checks.close()
    return {"rows": progress.done, "accepted": progress.accepted}


def in_process(side: str, run: Path, rows: int) -> dict[str, Any]:
    """One pass in a process of its own: its figures, seconds, CPU seconds and peak memory."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, __file__, "--side", side, "--out", str(run), "--rows", str(rows)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**found, "seconds": time.monotonic() - started}


def commanded(*arguments: str) -> tuple[float, float, int]:
    """(seconds, CPU seconds, peak bytes) of a `lab` command, process start included."""
    lab = Path(sys.executable).with_name("lab")
    measure = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)\n"
    )
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-c", measure, str(lab), *arguments], capture_output=True, check=True)
    seconds, (cpu_s, peak_bytes) = time.monotonic() - started, done.stdout.split()
    return seconds, float(cpu_s), int(peak_bytes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--out", type=Path, default=Path("/tmp/lab-large"))
    parser.add_argument("--side", choices=["first", "replay"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        sides = {"first": (Answers(), Verdicts()), "replay": (NoAnswers(), NoVerdicts())}
        found = asyncio.run(go_through(options.out, options.rows, *sides[options.side]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps({**found, "cpu_s": used.ru_utime + used.ru_stime, "peak_bytes": used.ru_maxrss * 1024}))
        return
    shutil.rmtree(options.out, ignore_errors=True)
    first = in_process("first", options.out, options.rows)
    print(f"{first['rows']:,} rows, {first['accepted']:,} accepted")
    print("| step | s | CPU s | peak, MiB |\n| --- | ---: | ---: | ---: |")
    print(row("made, without model and sandbox", first["seconds"], first["cpu_s"], first["peak_bytes"]))
    with sqlite3.connect(options.out / "ledger.sqlite") as connection:
        connection.execute("DELETE FROM rows")
    replay = in_process("replay", options.out, options.rows)
    assert (replay["rows"], replay["accepted"]) == (first["rows"], first["accepted"]), (first, replay)
    print(row("replayed", replay["seconds"], replay["cpu_s"], replay["peak_bytes"]))
    run = str(options.out)
    for command in (["report", run], ["why", run, f"{STAGE}#{options.rows // 2}"], ["watch", run, "--once"]):
        print(row(f"lab {command[0]}", *commanded(*command)))


def row(step: str, seconds: float, cpu_s: float, peak_bytes: int) -> str:
    """A line of the table."""
    return f"| {step} | {seconds:.1f} | {cpu_s:.1f} | {peak_bytes / 2**20:.0f} |"


if __name__ == "__main__":
    main()
