"""Kills a generation run with SIGKILL at random moments, resumes it each time, and counts what that cost.

    python benchmarks/generators/kill_resume.py --kills 20 --count 150 --out /tmp/kill [--kill-dockerd]

The same run is made once without a kill. Reported: rows and effects lost (committed before a kill, gone after it), rows
doubled, tokens generated twice (the engine's own counter, which survives the kill, against what the ledger holds), and
whether the final data sets agree in count and uniqueness. With --kill-dockerd a Docker daemon of the benchmark's own, in
--out, is killed once; the machine's stays as it is.
"""

import argparse
import contextlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox"))
from own_dockerd import killed_and_started, own_dockerd

from ledger import Ledger
from ledger.meter import TokenMeter
from sandbox import image_tag

STAGE = "code/rejection-sampling"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--count", type=int, default=150, help="accepted rows of the run")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--kill-dockerd", action="store_true", help="also kill a Docker daemon once, and start it again"
    )
    options = parser.parse_args()
    random.seed(options.seed)
    shutil.rmtree(options.out, ignore_errors=True)

    whole, killed = options.out / "whole", options.out / "killed"
    with contextlib.ExitStack() as stack:
        daemon = None
        if options.kill_dockerd:
            daemon = stack.enter_context(own_dockerd(options.out / "docker", [image_tag()]))
        counts = _runs(whole, killed, options, daemon)
    shutil.rmtree(options.out / "docker", ignore_errors=True)
    _compare(whole, killed, *counts)


def _runs(
    whole: Path, killed: Path, options: argparse.Namespace, daemon: "list[subprocess.Popen[bytes]] | None"
) -> tuple[int, int, int]:
    """Both runs; kills, committed rows lost, committed effects lost."""
    print("a run that is never killed", flush=True)
    _start(whole, options.count).wait()
    lost_rows = lost_effects = kills = 0
    print(f"the same run, killed {options.kills} times", flush=True)
    while True:
        child = _start(killed, options.count)
        if kills < options.kills and _wait_for_work(child, killed):
            if daemon and kills == options.kills // 2:
                killed_and_started(options.out / "docker", daemon)
            time.sleep(random.uniform(0.1, 9.0))
            if child.poll() is None:
                child.send_signal(signal.SIGKILL)
                child.wait()
                before = _committed(killed)
                kills += 1
                with Ledger(killed) as ledger:  # opening it replays SQLite's log, as a resume does
                    after = {row.id for row in ledger.rows()}, {effect.key for effect in ledger.effects()}
                lost_rows += len(before[0] - after[0])
                lost_effects += len(before[1] - after[1])
                print(f"kill {kills}: {len(after[0])} rows, {len(after[1])} effects", flush=True)
                continue
        code = child.wait()
        print(f"ended with exit code {code} after {kills} kills", flush=True)
        break
    return kills, lost_rows, lost_effects


def _start(run: Path, count: int) -> "subprocess.Popen[bytes]":
    lab = Path(sys.executable).with_name("lab")
    command = [str(lab), "generate", STAGE, "--count", str(count), "--samples", "4", "--out", str(run)]
    log = run.parent / f"{run.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(command, stdout=log.open("ab"), stderr=subprocess.STDOUT)


def _wait_for_work(child: "subprocess.Popen[bytes]", run: Path) -> bool:
    """Until the process has added to the ledger, so that kills fall into work and not into the model's load."""
    start, at = _size(run), time.monotonic()
    while child.poll() is None and time.monotonic() - at < 300:
        if _size(run) != start:
            return True
        time.sleep(0.05)
    return False


def _size(run: Path) -> tuple[int, int]:
    """(effects, journalled parts): what grows while work is done."""
    path = run / "ledger.sqlite"
    if not path.exists():
        return 0, 0
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            (effects,) = connection.execute("SELECT count(*) FROM effects").fetchone()
            (partials,) = connection.execute("SELECT count(*) FROM partials").fetchone()
            return effects, partials
    except sqlite3.Error:
        return 0, 0


def _committed(run: Path) -> tuple[set[str], set[str]]:
    with Ledger(run, readonly=True) as ledger:
        return {row.id for row in ledger.rows()}, {effect.key for effect in ledger.effects()}


def _compare(whole: Path, killed: Path, kills: int, lost_rows: int, lost_effects: int) -> None:
    import pyarrow.parquet as parquet

    print(f"\n{'':<34}{'never killed':>14}{'killed':>14}")
    figures = {}
    for run in (whole, killed):
        with Ledger(run, readonly=True) as ledger:
            rows = list(ledger.rows())
            effects = list(ledger.effects())
            recorded = sum(effect.output_tokens for effect in effects)
            parts = ledger.journalled_tokens()
            meter = TokenMeter(run)
            twice = meter.total - recorded - parts
            meter.close()
            sft = parquet.read_table(run / "data" / "sft" / "train-00000.parquet").column("row").to_pylist()
            accepted = [row.id for row in rows if row.status == "accepted"]
            figures[run] = {
                "effects": len(effects),
                "rows": len(rows),
                "rows doubled": len(rows) - len({row.id for row in rows}),
                "accepted rows": len(accepted),
                "SFT rows": len(sft),
                "SFT rows doubled": len(sft) - len(set(sft)),
                "output tokens recorded": recorded,
                "tokens generated twice": twice,
                "  in percent": round(100 * twice / max(1, recorded), 3),
            }
    for name in figures[whole]:
        print(f"{name:<34}{figures[whole][name]:>14}{figures[killed][name]:>14}")
    print(f"{'kills':<34}{0:>14}{kills:>14}\n{'committed rows lost':<34}{'':>14}{lost_rows:>14}")
    print(f"{'committed effects lost':<34}{'':>14}{lost_effects:>14}")


if __name__ == "__main__":
    main()
