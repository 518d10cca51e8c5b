"""Ten thousand mixed programs, one in ten hostile, through everything that can go wrong from outside.

    python benchmarks/sandbox/sandbox_soak.py [--programs 10000] [--kill-dockerd] [--out /tmp/lab-soak] [--json]

A client process runs the programs and appends each verdict to a journal. It is killed with -9 once and started again;
with --kill-dockerd a Docker daemon is killed and started again twice: one of the benchmark's own, with copies of the
images, in --out (as large as they are); the machine's stays as it is.
Programs come from tests/hostile and tests/languages (Python; other languages where their images are built) and ordinary
ones. Ends with exit code 1 where a verdict is lost, doubled, of another kind than the program's file allows or differs
between two runs of the same program, or where a process, container, file or descriptor is left.
"""

import argparse
import asyncio
import collections
import contextlib
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "stand_ins"))
from hostile_programs import Hostile, hostile_programs
from own_dockerd import killed_and_started, own_dockerd

from sandbox import Limits, Program, Sandbox
from sandbox.containers.container import LABEL
from sandbox.containers.image import built_languages, image_tag

LIMITS = Limits(cpu_s=1.0, wall_s=2.5, memory_bytes=96 << 20, pids=24)
HOSTILE_SHARE = 0.1
IN_FLIGHT = 16
SLOW = ("time/", "memory/", "source/")
"""Classes that spend their whole limit; one in eight hostile programs is of them."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=10_000)
    parser.add_argument("--kill-dockerd", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("/tmp/lab-soak"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--client", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    journal = options.out / "verdicts.jsonl"
    if options.client:
        asyncio.run(_client(options.programs, journal))
        return
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    with contextlib.ExitStack() as stack:
        daemon = None
        if options.kill_dockerd:
            images = [image_tag(name) for name in built_languages()]
            daemon = stack.enter_context(own_dockerd(options.out / "docker", images))
        found = _soak(options.programs, daemon, journal)
    shutil.rmtree(options.out / "docker", ignore_errors=True)
    print(json.dumps(found) if options.json else "\n".join(f"{name:<46}{value}" for name, value in found.items()))
    wrong = ("lost", "doubled", "blamed or missed", "programs with two verdicts", "containers left", "processes left")
    sys.exit(any(found[name] for name in wrong))


def _plan(count: int) -> Iterator[tuple[str, Program, Limits, frozenset[str]]]:
    """The programs, the same for every call with the same count: name, program, limits, verdicts allowed."""
    pick = random.Random(count)
    built = set(built_languages())
    hostile = [one for one in hostile_programs() if one.language in built]
    quick = [one for one in hostile if not one.name.startswith(SLOW)]
    slow = [one for one in hostile if one.name.startswith(SLOW)]
    for number in range(count):
        if pick.random() < HOSTILE_SHARE:
            one: Hostile = pick.choice(slow if pick.random() < 0.125 else quick)
            yield one.name, one.program, one.limits, frozenset(map(str, one.verdicts))
        else:
            n = number % 50
            code = f"def f(x):\n    return [x + {n}] * {n}\n"
            wrong = n % 5 == 0
            tests = f"assert f(1) == [{1 + n + wrong}] * {n}\nassert f(2)[:1] == [{2 + n}][:{n}]\n"
            allowed = "test_failure" if wrong and n else "accepted"
            yield f"ordinary {n}", Program(code, tests), LIMITS, frozenset({allowed})


async def _client(count: int, journal: Path) -> None:
    """Run what the journal does not hold yet; a line each, written whole."""
    done = {row["number"] for row in _read(journal)}
    todo = iter([(n, *planned) for n, planned in enumerate(_plan(count)) if n not in done])
    with journal.open("ab", buffering=0) as file:
        async with Sandbox(limits=LIMITS) as box:

            async def worker() -> None:
                for number, name, program, limits, _ in todo:
                    report = await box.run(program, limits=limits)
                    row = {
                        "number": number,
                        "name": name,
                        "verdict": str(report.verdict),
                        "detail": report.detail[:200],
                    }
                    file.write(json.dumps(row).encode() + b"\n")

            await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))


def _soak(count: int, daemon: "list[subprocess.Popen[bytes]] | None", journal: Path) -> dict[str, Any]:
    folder = journal.parent / "docker"
    below = str(folder / "data").encode() if daemon else b""
    before = _left(below)
    began = time.monotonic()
    kills = [("client", count // 4)] + ([("dockerd", count // 2), ("dockerd", 3 * count // 4)] if daemon else [])
    supervisors: list[int] = []
    descriptors: list[int] = []
    client = _start(count, journal)
    while client.poll() is None:
        time.sleep(1.0)
        seen = _lines(journal)
        if kills and seen >= kills[0][1]:
            what, _ = kills.pop(0)
            print(f"{seen} done: killing {what}", file=sys.stderr, flush=True)
            if what == "client":
                client.send_signal(signal.SIGKILL)
                client.wait()
                client = _start(count, journal)
            elif daemon:
                killed_and_started(folder, daemon)
        supervisors += [_supervisor_kib(below)]
        descriptors += [_descriptors(client.pid)]
    seconds = time.monotonic() - began
    rows = _read(journal)
    allowed = {number: (name, verdicts) for number, (name, _, _, verdicts) in enumerate(_plan(count))}
    by_name: dict[str, set[str]] = collections.defaultdict(set)
    for row in rows:
        by_name[row["name"]].add(row["verdict"])
    numbers = collections.Counter(row["number"] for row in rows)
    wrong = [row for row in rows if row["verdict"] not in allowed[row["number"]][1]]
    for row in wrong[:10]:
        print(f"{row['name']}: {row['verdict']}: {row['detail']}", file=sys.stderr)
    two = {name: sorted(found) for name, found in by_name.items() if len(found) > 1}
    for name, verdicts in two.items():
        print(f"{name}: {', '.join(verdicts)}", file=sys.stderr)
    time.sleep(2)
    after = _left(below)
    peak = [kib for kib in supervisors if kib]
    return {
        "programs": count,
        "hostile": sum(not name.startswith("ordinary") for name, _ in allowed.values()),
        "client's exit code": client.returncode,
        "minutes": round(seconds / 60, 1),
        "lost": count - len(numbers),
        "doubled": sum(times - 1 for times in numbers.values()),
        "blamed or missed": len(wrong),
        "sandbox_fault": sum(row["verdict"] == "sandbox_fault" for row in rows),
        "programs with two verdicts": len(two),
        "containers left": max(0, after["containers"] - before["containers"]),
        "processes left": max(0, after["supervisors"] - before["supervisors"]),
        "supervisor memory, first and last tenth, KiB": f"{_mean(peak, 0)} {_mean(peak, -1)}",
        "client's descriptors, first and last tenth": f"{_mean(descriptors, 0)} {_mean(descriptors, -1)}",
    }


def _start(count: int, journal: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, __file__, "--client", "--programs", str(count), "--out", str(journal.parent)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _read(journal: Path) -> list[dict[str, Any]]:
    """Whole lines only: the last may have been cut by the kill."""
    text = journal.read_bytes() if journal.exists() else b""
    lines = text.split(b"\n")
    if lines[-1]:
        journal.write_bytes(text[: -len(lines[-1])])
    return [json.loads(line) for line in lines[:-1]]


def _lines(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def _left(below: bytes) -> dict[str, int]:
    command = ["docker", "ps", "--all", "--quiet", "--filter", f"label={LABEL}"]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return {"containers": len(told.split()), "supervisors": len(_supervisors(below))}


def _supervisors(below: bytes) -> list[int]:
    """Processes of the host that are the first of a sandbox container, whose root lies `below` a daemon's folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
                status = (entry / "status").read_text()
                mounts = (entry / "mountinfo").read_bytes()
            except OSError:
                continue
            pids = next((line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:")), [])
            if words.startswith(b"python3\0-s\0-c\0") and pids[1:] == ["1"] and below in mounts:
                found.append(int(entry.name))
    return found


def _supervisor_kib(below: bytes) -> int:
    """The largest resident supervisor."""
    sizes = [0]
    for pid in _supervisors(below):
        try:
            sizes.append(4 * int(Path(f"/proc/{pid}/statm").read_text().split()[1]))
        except (OSError, IndexError):
            continue
    return max(sizes)


def _descriptors(pid: int) -> int:
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return 0


def _mean(values: list[int], which: int) -> int:
    tenth = max(1, len(values) // 10)
    chosen = values[:tenth] if which == 0 else values[-tenth:]
    return round(sum(chosen) / len(chosen)) if chosen else 0


if __name__ == "__main__":
    main()
