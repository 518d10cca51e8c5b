"""Replays a finished run from its ledger: every effect is there, so neither model nor Docker may be called.

    python benchmarks/generators/replay.py [--samples 20] [--out /tmp/replay]

Makes a run of at least 5,000 effects, removes its rows (not its effects), lets the same generator go through it again in a
process without engine and Docker, and compares wall times.
"""

import argparse
import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ledger import Ledger, facts

STAGE = "code/rejection-sampling"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path("/tmp/lab-replay"))
    parser.add_argument("--replay", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.replay:
        print(json.dumps(asyncio.run(_replay(options.out))))
        return
    shutil.rmtree(options.out, ignore_errors=True)
    lab = Path(sys.executable).with_name("lab")
    command = [
        str(lab),
        "generate",
        STAGE,
        "--split",
        "train",
        "--samples",
        str(options.samples),
        "--out",
        str(options.out),
    ]
    original_s = _timed(command)
    before = _rows(options.out)
    with sqlite3.connect(options.out / "ledger.sqlite") as connection:
        (effects,) = connection.execute("SELECT count(*) FROM effects").fetchone()
        connection.execute("DELETE FROM rows")
    # An empty PATH for Docker and a broken address: a call to it would fail loudly.
    environment = {**os.environ, "DOCKER_HOST": "unix:///nonexistent/docker.sock"}
    started = time.monotonic()
    child = subprocess.run(
        [sys.executable, __file__, "--replay", "--out", str(options.out)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    replay_s = time.monotonic() - started
    figures = json.loads(child.stdout.splitlines()[-1])
    print(f"{'effects':<40}{effects:>10}")
    print(f"{'original run, s (with model load)':<40}{original_s:>10.1f}")
    print(f"{'replay, s (with process start)':<40}{replay_s:>10.1f}")
    print(f"{'replay / original':<40}{replay_s / original_s:>10.3f}")
    print(f"{'model calls':<40}{figures['asks']:>10}\n{'sandbox calls':<40}{figures['runs']:>10}")
    print(f"{'vLLM imported':<40}{figures['vllm']!s:>10}\n{'same rows':<40}{(_rows(options.out) == before)!s:>10}")


async def _replay(run: Path) -> dict[str, Any]:
    from generators.setup import open_bench
    from generators.stage import generate
    from recipes.load import recorded, resolve

    with Ledger(run) as ledger:
        recipe = resolve(recorded(ledger.read(facts.RECIPE) or {}))
        async with open_bench(recipe, ledger, lambda text: None) as bench:
            progress = await generate(
                bench.lab, recipe.generate[0], recipe.serving.max_in_flight, say=print, watch=lambda progress: None
            )
    return {"asks": progress.tally.asks, "runs": progress.tally.runs, "vllm": "vllm" in sys.modules}


def _rows(run: Path) -> list[Any]:
    with Ledger(run, readonly=True) as ledger:
        return [(row.id, row.status, row.reason, row.effects) for row in ledger.rows()]


def _timed(command: list[str]) -> float:
    started = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


if __name__ == "__main__":
    main()
