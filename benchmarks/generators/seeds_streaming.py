"""How soon the first seed of a large file is there and what memory that takes: `generators.seeds.load.load` and two other ways.

    python benchmarks/generators/seeds_streaming.py [--rows 2000,200000,2000000] [--kinds snippets,mathematics] [--repeats 3]

The files are our own seeds over and over with numbers of their own, written to a temporary folder (1.4 GB at two million rows,
Arrow copies of `datasets` included). Each side runs in a fresh process: imports, open, first seed (`start`), then the last seed,
then 200 at random places. Peak memory is the kernel's high-water mark of that process. `datasets` is measured with an empty cache, as
a new file meets it, and again with the cache that this left. The file is in the page cache for all. Figures are medians.
"""

import argparse
import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).resolve().parents[2] / "recipes" / "seeds"
SOURCES = {"snippets": ("python-snippets.jsonl", "snippet_id"), "mathematics": ("math-problems.jsonl", "task_id")}
SIDES = ("lab", "datasets, new file", "datasets, cached", "json into a list")
LOOKS = 200
"""Seeds read at random places."""
FIGURES = ("start_s", "last_ms", "random_ms", "peak_mib")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="2000,200000,2000000")
    parser.add_argument("--kinds", default=",".join(SOURCES))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--measure", nargs=3, metavar=("SIDE", "KIND", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(*options.measure)))
        return
    head = "".join(f"{name:>12}" for name in FIGURES)
    print(f"{'':<13}{'rows':>10}{'MB':>7}  {'':<20}{head}", flush=True)
    for kind, rows in itertools.product(options.kinds.split(","), map(int, options.rows.split(","))):
        found: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "seeds.jsonl"
            megabytes = write(kind, rows, file) / 1e6
            for _ in range(options.repeats):
                with tempfile.TemporaryDirectory() as cache:
                    for side in SIDES:
                        found[side].append(_child(side, kind, file, cache))
        for side in SIDES:
            medians = [statistics.median(row[name] for row in found[side]) for name in FIGURES]
            shown = f"{medians[0]:>12.2f}{medians[1]:>12.2f}{medians[2]:>12.3f}{medians[3]:>12.0f}"
            print(f"{kind:<13}{rows:>10,}{megabytes:>7.0f}  {side:<20}{shown}", flush=True)


def write(kind: str, rows: int, file: Path) -> int:
    """Write that many seeds, no two with the same id; returns bytes."""
    name, key = SOURCES[kind]
    seeds = [json.loads(line) for line in (SEEDS / name).read_text().splitlines()]
    with file.open("w") as target:
        for number in range(rows):
            seed = seeds[number % len(seeds)]
            target.write(json.dumps(seed | {key: f"{seed[key]}/{number}"}) + "\n")
    return file.stat().st_size


def measure(side: str, kind: str, file: str) -> dict[str, float]:
    """One side in this process, which has imported nothing of it yet."""
    started = time.monotonic()
    items = _opened(side, kind, Path(file))
    first = items[0]
    start_s = time.monotonic() - started
    last_ms = _timed_ms(items, [len(items) - 1])[0]
    chance = random.Random(0)
    looks = _timed_ms(items, [chance.randrange(len(items)) for _ in range(LOOKS)])
    assert first != items[len(items) - 1], "the last seed is the first"
    figures = (start_s, last_ms, statistics.median(looks), _peak_mib())
    return dict(zip(FIGURES, figures, strict=True))


def _opened(side: str, kind: str, file: Path) -> Sequence[Any]:
    if side == "lab":
        from generators.seeds.kinds import KINDS
        from generators.seeds.load import load

        return load(KINDS[kind], [file]).items
    if side.startswith("datasets"):
        from datasets import load_dataset

        rows: Sequence[Any] = load_dataset("json", data_files=str(file), split="train")
        return rows
    with file.open() as lines:
        return [json.loads(line) for line in lines]


def _timed_ms(items: Sequence[Any], places: list[int]) -> list[float]:
    times = []
    for place in places:
        started = time.monotonic()
        items[place]
        times.append(1000 * (time.monotonic() - started))
    return times


def _peak_mib() -> float:
    """High-water mark of this program alone: `ru_maxrss` would begin with that of the process which started it."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def _child(side: str, kind: str, file: Path, cache: str) -> dict[str, float]:
    command = [sys.executable, __file__, "--measure", side, kind, str(file)]
    surroundings = os.environ | {"HF_DATASETS_CACHE": cache, "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{side}: {done.stderr[-2000:]}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
