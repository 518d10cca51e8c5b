"""How many programs a second: this sandbox, bare subprocesses, llm-sandbox, and a container for each program.

    python benchmarks/sandbox/sandbox_throughput.py --problems mbpp_release_v1.jsonl [--programs 500] [--repeats 3] [--few 60]

MBPP's canonical solutions with their tests, the same for every side, `--slots` at a time. Sides take turns, `--repeats`
times; the figures are medians. The two slow sides run `--few` programs and are scaled by programs a second. Latency is
that of one program from hand-over to answer, without waiting for a slot. What each protection costs is measured by
replacing it, in this process only, with nothing. llm-sandbox is skipped where it is not installed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import dataclasses
import functools
import importlib.util
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import Case, Program, Report, Sandbox, Verdict, build_image, policy
from sandbox.containers import container
from sandbox.languages import table as languages

WARM = 20
"""Programs that each side runs before the clock starts."""


@dataclass(frozen=True)
class Problem:
    """One MBPP problem: the solution, its test script, and both as one file."""

    code: str
    tests: str
    entry_point: str

    @property
    def script(self) -> str:
        return f"{self.code}\n_candidate = {self.entry_point}\n{self.tests}\ncheck(_candidate)\n"


@dataclass(frozen=True)
class Measured:
    """One pass over some programs: programs a second, latencies in seconds, how many passed."""

    per_s: float
    latencies: tuple[float, ...]
    passed: int


Side = Callable[[list[Problem]], Measured]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", type=Path, required=True, help="MBPP in MBXP's form, JSONL")
    parser.add_argument("--programs", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--few", type=int, default=60, help="programs for the slow sides")
    parser.add_argument("--slots", type=int, default=2)
    parser.add_argument("--only", choices=("sides", "protections", "growth", "zygote"), help="one of the tables")
    options = parser.parse_args()
    problems = read_problems(options.problems, options.programs)
    few = problems[: options.few]
    build_image()
    print(f"{len(problems)} programs, {options.slots} at a time, {options.repeats} repeats, {os.cpu_count()} cores\n")
    tables = {"sides": sides, "protections": protections, "growth": growth, "zygote": zygote}
    for name, table in tables.items():
        if options.only in (None, name):
            table(problems, few, options.slots, options.repeats)


def read_problems(path: Path, count: int) -> list[Problem]:
    """The first problems that have a canonical solution."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    usable = (row for row in rows if row["canonical_solution"])
    return [
        Problem(row["prompt"] + row["canonical_solution"], row["test"], row["entry_point"])
        for row in itertools.islice(usable, count)
    ]


def sides(problems: list[Problem], few: list[Problem], slots: int, repeats: int) -> None:
    """The sides against each other."""
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(opened(slots))
        runners: dict[str, Side] = {
            "sandbox": lambda some: ours(some, as_tests),
            "sandbox, no lint": lambda some: ours(some, without_lint),
            "bare subprocess": functools.partial(threaded, bare(stack), slots),
        }
        if importlib.util.find_spec("llm_sandbox"):
            runners["llm-sandbox"] = functools.partial(threaded, llm_sandbox(stack, slots), slots)
        runners["container a program"] = functools.partial(threaded, container_a_program, slots)
        slow = {"llm-sandbox", "container a program"}
        found = alternate({name: (side, few if name in slow else problems) for name, side in runners.items()}, repeats)
    base = median(found["bare subprocess"])
    print(f"{'':<22}{'programs':>9}{'passed':>8}{'/s':>9}{'range':>16}{'/ bare':>8}{'p50 ms':>9}{'p99 ms':>9}")
    for name, passes in found.items():
        speeds = [measured.per_s for measured in passes]
        latencies = sorted(latency for measured in passes for latency in measured.latencies)
        print(
            f"{name:<22}{len(passes[0].latencies):>9}{passes[0].passed:>8}{median(passes):>9.1f}"
            f"{min(speeds):>9.1f}-{max(speeds):<6.1f}{median(passes) / base:>8.2f}"
            f"{1000 * statistics.median(latencies):>9.1f}{1000 * latencies[int(0.99 * len(latencies))]:>9.1f}"
        )
    for name in slow & found.keys():
        pairs = zip(found["sandbox"], found[name], strict=True)
        print(f"sandbox / {name}: {statistics.median(a.per_s / b.per_s for a, b in pairs):.1f}")
    pairs = zip(found["sandbox"], found["bare subprocess"], strict=True)
    print(f"sandbox / bare subprocess, median of pairs: {statistics.median(a.per_s / b.per_s for a, b in pairs):.2f}\n")


def protections(problems: list[Problem], few: list[Problem], slots: int, repeats: int) -> None:
    """What each protection costs: all on, against all but one."""
    switches: dict[str, tuple[Callable[[], contextlib.AbstractContextManager[None]], Make]] = {
        "all on": (contextlib.nullcontext, as_tests),
        "linter": (contextlib.nullcontext, without_lint),
        "tests in a process of their own": (contextlib.nullcontext, in_one_process),
        "own seccomp filter": (
            lambda: inside("confine", "def _filter_system_calls(forbidden, sockets_are_fatal): pass"),
            as_tests,
        ),
        "Docker's seccomp filter": (
            lambda: host("security_opt", ["no-new-privileges", "seccomp=unconfined"]),
            as_tests,
        ),
        "capabilities, user id, session": (lambda: inside("confine", _ONLY_DESCRIPTORS), as_tests),
        "rlimits": (lambda: inside("confine", "def limit(limits): pass"), as_tests),
        "cgroup limits": (_no_cgroup_limits, as_tests),
        "read-only root": (lambda: host("read_only", False), as_tests),
        "proof that the slot is clean": (lambda: inside("supervisor", _ONLY_KILL), as_tests),
    }
    with contextlib.ExitStack() as stack:
        runners: dict[str, tuple[Side, list[Problem]]] = {}
        for name, (off, make) in switches.items():
            with off():
                side = stack.enter_context(opened(slots))  # containers keep the policy they were started with
                side(problems[:WARM], make)
            runners[name] = (functools.partial(side, make=make), problems)
        found = alternate(runners, repeats)
    full = found["all on"]
    print(f"{'without':<34}{'/s':>8}{'ms a program':>14}{'saved ms':>10}{'saved':>8}")
    for name, passes in found.items():
        saved = [slots / a.per_s - slots / b.per_s for a, b in zip(full, passes, strict=True)]
        share = statistics.median(1 - a.per_s / b.per_s for a, b in zip(full, passes, strict=True))
        each = 1000 * slots / median(passes)
        print(f"{name:<34}{median(passes):>8.1f}{each:>14.2f}{1000 * statistics.median(saved):>10.2f}{share:>8.1%}")
    print()


def growth(problems: list[Problem], few: list[Problem], slots: int, repeats: int) -> None:
    """How throughput grows with slots, beside bare subprocesses with as many workers."""
    counts = (1, 2, 4)
    with contextlib.ExitStack() as stack:
        runners: dict[str, tuple[Side, list[Problem]]] = {}
        for count in counts:
            runners[f"sandbox {count}"] = (
                functools.partial(stack.enter_context(opened(count)), make=as_tests),
                problems,
            )
            runners[f"bare {count}"] = (functools.partial(threaded, bare(stack), count), problems)
        found = alternate(runners, repeats)
    print(f"{'slots':<8}{'sandbox /s':>12}{'bare /s':>10}{'ratio':>8}")
    for count in counts:
        ours, theirs = median(found[f"sandbox {count}"]), median(found[f"bare {count}"])
        print(f"{count:<8}{ours:>12.1f}{theirs:>10.1f}{ours / theirs:>8.2f}")
    print()


def zygote(problems: list[Problem], few: list[Problem], slots: int, repeats: int) -> None:
    """A process forked from a warm interpreter for each program, against an interpreter started in the container."""
    python = languages.LANGUAGES["python"]
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(opened(slots))
        languages.LANGUAGES["python"] = dataclasses.replace(python, parse=())
        try:
            runners: dict[str, tuple[Side, list[Problem]]] = {
                "forked, tests apart": (functools.partial(ours, make=without_lint), problems),
                "forked, one script": (functools.partial(ours, make=in_one_process), problems),
                "interpreter started, one script": (functools.partial(ours, make=by_command), problems),
            }
            found = alternate(runners, repeats)
        finally:
            languages.LANGUAGES["python"] = python
    print(f"{'no lint':<34}{'/s':>8}{'ms a program':>14}")
    for name, passes in found.items():
        print(f"{name:<34}{median(passes):>8.1f}{1000 * slots / median(passes):>14.2f}")
    print()


Make = Callable[[Problem], Program]


def as_tests(problem: Problem) -> Program:
    return Program(problem.code, problem.tests, entry_point=problem.entry_point)


def without_lint(problem: Problem) -> Program:
    return Program(problem.code, problem.tests, entry_point=problem.entry_point, lint=False)


def in_one_process(problem: Problem) -> Program:
    return Program(problem.script, lint=False)


def by_command(problem: Problem) -> Program:
    return Program(problem.script, cases=(Case("", ""),), lint=False)


@contextlib.contextmanager
def opened(slots: int) -> Iterator[Any]:
    """A sandbox of ours on an event loop of its own, as a function of programs and how they are handed over."""
    with asyncio.Runner() as runner:
        box = Sandbox(slots=slots)
        runner.run(box.__aenter__())
        try:

            def side(problems: list[Problem], make: Make) -> Measured:
                return runner.run(_through(box, [make(problem) for problem in problems]))

            yield side
        finally:
            runner.run(box.__aexit__(None, None, None))


async def _through(box: Sandbox, programs: list[Program]) -> Measured:
    waiting = iter(programs)
    latencies: list[float] = []
    reports: list[Report] = []

    async def worker() -> None:
        for program in waiting:
            began = time.perf_counter()
            reports.append(await box.run(program))
            latencies.append(time.perf_counter() - began)

    await box.start()
    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(box.slots)))
    seconds = time.perf_counter() - began
    # A script without tests is "untested" at best: that it ran to its end says that its own assertions held.
    passed = sum(report.accepted or report.verdict is Verdict.untested for report in reports)
    return Measured(len(programs) / seconds, tuple(latencies), passed)


def threaded(run: Callable[[Problem], bool], workers: int, problems: list[Problem]) -> Measured:
    """Programs through a blocking function, `workers` at a time."""

    def one(problem: Problem) -> tuple[float, bool]:
        began = time.perf_counter()
        passed = run(problem)
        return time.perf_counter() - began, passed

    with ThreadPoolExecutor(workers) as threads:
        began = time.perf_counter()
        done = list(threads.map(one, problems))
        seconds = time.perf_counter() - began
    return Measured(len(problems) / seconds, tuple(latency for latency, _ in done), sum(passed for _, passed in done))


def bare(stack: contextlib.ExitStack) -> Callable[[Problem], bool]:
    """`python file`, with the interpreter this environment was made from: its own start-up is the shorter one."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    python = getattr(sys, "_base_executable", sys.executable)
    numbers = itertools.count()
    environment = {**policy.ENVIRONMENT, "PATH": os.environ["PATH"]}

    def run(problem: Problem) -> bool:
        file = folder / f"{next(numbers)}.py"
        file.write_text(problem.script, encoding="utf-8")
        done = subprocess.run(
            [python, str(file)], capture_output=True, stdin=subprocess.DEVNULL, timeout=30, env=environment
        )
        file.unlink()
        return done.returncode == 0

    return run


def llm_sandbox(stack: contextlib.ExitStack, workers: int) -> Callable[[Problem], bool]:
    """A session kept open for each worker, on our image, nothing installed: the fastest its documentation offers."""
    import queue

    from llm_sandbox import SandboxSession

    sessions: queue.SimpleQueue[Any] = queue.SimpleQueue()
    for _ in range(workers):
        session = SandboxSession(
            lang="python",
            image=build_image()[0],
            keep_template=True,
            skip_environment_setup=True,
            runtime_configs={"command": "/bin/sh", "network_mode": "none", "mem_limit": "256m", "pids_limit": 64},
        )
        stack.enter_context(session)
        session.execute_command("ln -s /usr/bin/python3 /usr/local/bin/python")
        session.execute_command("mkdir -p /sandbox")
        sessions.put(session)

    def run(problem: Problem) -> bool:
        session = sessions.get()
        try:
            return session.run(problem.script).exit_code == 0
        finally:
            sessions.put(session)

    return run


def container_a_program(problem: Problem) -> bool:
    """`docker run --rm --network none`, the program on standard input."""
    done = subprocess.run(
        ["docker", "run", "--rm", "--interactive", "--network", "none", build_image()[0], "python3", "-"],
        input=problem.script.encode(),
        capture_output=True,
        timeout=120,
    )
    return done.returncode == 0


def alternate(runners: dict[str, tuple[Side, list[Problem]]], repeats: int) -> dict[str, list[Measured]]:
    """Every side in turn, `repeats` times, after a short warm-up."""
    for side, problems in runners.values():
        side(problems[:WARM])
    found: dict[str, list[Measured]] = {name: [] for name in runners}
    for number in range(repeats):
        for name, (side, problems) in runners.items():
            found[name].append(side(problems))
            print(f"  {number + 1}/{repeats} {name}: {found[name][-1].per_s:.1f}/s", file=sys.stderr, flush=True)
    return found


def median(passes: list[Measured]) -> float:
    return statistics.median(measured.per_s for measured in passes)


_ONLY_DESCRIPTORS = "def become(uid, fds, forbidden, *, sockets_are_fatal=True):\n    _keep_only(fds)\n    _filter_system_calls(forbidden, True)"
_ONLY_KILL = """
def _sweep(uids):
    _kill_all()
    for folder in ("/tmp", "/dev/shm"):
        if any(os.scandir(folder)):
            for uid in uids: _as_user(uid, folder)
    return []
"""


@contextlib.contextmanager
def inside(module: str, replacement: str) -> Iterator[None]:
    """Containers started within this get `replacement` at the end of one of the modules that run inside."""
    original = container._source
    container._source = lambda name: original(name) + (f"\n{replacement}\n" if name == module else "")  # type: ignore[assignment]
    try:
        yield
    finally:
        container._source = original  # type: ignore[assignment]


@contextlib.contextmanager
def host(option: str, value: object) -> Iterator[None]:
    """Containers started within this have one option of theirs changed; None takes it away."""
    original = policy.host_config

    def changed(*arguments: Any, **keywords: Any) -> dict[str, Any]:
        config = {**original(*arguments, **keywords), option: value}
        return {name: item for name, item in config.items() if item is not None}

    policy.host_config = changed  # type: ignore[assignment]
    try:
        yield
    finally:
        policy.host_config = original  # type: ignore[assignment]


@contextlib.contextmanager
def _no_cgroup_limits() -> Iterator[None]:
    with host("mem_limit", None), host("memswap_limit", None), host("pids_limit", None):
        yield


if __name__ == "__main__":
    main()
