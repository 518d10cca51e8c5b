"""Every program under tests/hostile gets its verdict, and the slot it attacked runs a normal program afterwards.

At the end nothing is left: no process, container, descriptor or thread, and the host has its memory and disk back.
"""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile_programs import TIGHT, Hostile, hostile_programs

from sandbox import Case, Limits, Program, Report, Sandbox, SandboxError, Verdict
from sandbox.containers.container import LABEL, owner

pytestmark = pytest.mark.docker

MEMORY_BACK_BYTES = 64 * 1024 * 1024
DISK_BACK_BYTES = 32 * 1024 * 1024
"""How far memory and disk of the host may be from where they were: other processes of the machine move them too."""

IDLE_PROCESSES = 4
"""A container between two runs: pid 1, the next run's watcher, and the program's and the tests' process to come."""

TWICE = (Case("21\n", "42\n"),)
NORMAL = {
    "python": Program(
        "def add(a, b):\n    return a + b", "assert add(1, 2) == 3\nassert add('a', 'b') == 'ab'", language="python"
    ),
    "javascript": Program(
        "console.log(2 * require('fs').readFileSync(0, 'utf8'));", cases=TWICE, language="javascript"
    ),
    "c": Program(
        '#include <stdio.h>\nint main(void) { int n; if (scanf("%d", &n) != 1) return 1; printf("%d\\n", 2 * n); }\n',
        cases=TWICE,
        language="c",
    ),
    "cpp": Program(
        "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << 2 * n << std::endl; }\n",
        cases=TWICE,
        language="cpp",
    ),
    "php": Program("<?php echo 2 * (int) fgets(STDIN);\n", cases=TWICE, language="php"),
    "bash": Program("read -r n; echo $((2 * n))\n", cases=TWICE, language="bash"),
}


class Pool:
    """A sandbox with one slot, so that the normal program runs where the hostile one did."""

    def __init__(self) -> None:
        self.before = _host()
        self._runner = asyncio.Runner()
        self.box = Sandbox(limits=TIGHT, slots=1)
        self._runner.run(self.box.__aenter__())
        self.closed = False

    def run(self, program: Program, limits: Limits = TIGHT) -> Report:
        return self._runner.run(self.box.run(program, limits=limits))

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._runner.run(self.box.__aexit__(None, None, None))
            self._runner.close()


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = Pool()
    yield made
    made.close()


@pytest.mark.parametrize("hostile", hostile_programs(), ids=lambda hostile: hostile.name)
def test_hostile_program_gets_its_verdict_and_the_slot_goes_on(hostile: Hostile, pool: Pool) -> None:
    if not hostile.language:
        pytest.skip("the sandbox does not have this language")
    try:
        report = pool.run(hostile.program, hostile.limits)
    except SandboxError as error:
        if hostile.language == "python":
            raise
        pytest.skip(str(error))
    assert report.verdict in hostile.verdicts, f"{report.feedback()}\n{report.stdout[:500]}"
    after = pool.run(NORMAL[hostile.language])
    assert after.accepted, f"the program after it: {after.feedback()}"


def test_the_hostile_programs_are_enough_and_cover_every_class() -> None:
    programs = hostile_programs()
    forgeries = [hostile for hostile in programs if hostile.name.startswith("forgery/")]
    assert len(programs) >= 110
    assert len(forgeries) >= 20
    assert {Path(hostile.name).suffix for hostile in forgeries} >= {".py", ".js", ".php", ".sh", ".c"}
    assert not [hostile.name for hostile in programs if hostile.verdicts & {Verdict.sandbox_fault}]


def test_program_sees_nothing_of_the_run_before_it(pool: Pool) -> None:
    pool.run(
        Program(
            "open('/tmp/secret', 'w').write('x'); open('/dev/shm/secret', 'w').write('x')\nimport random; random.seed(1)"
        )
    )
    seen = pool.run(Program("import os\nprint(os.listdir('/tmp'), os.listdir('/dev/shm'))"))
    assert seen.stdout == "[] []\n"


def test_300_kilobytes_of_output_are_drained_and_cut(pool: Pool) -> None:
    report = pool.run(Program("print('x' * 300_000)"))
    assert (report.verdict, len(report.stdout)) == (Verdict.untested, TIGHT.output_bytes)


def test_afterwards_no_process_container_descriptor_or_thread_is_left_and_the_host_has_its_memory_and_disk_back(
    pool: Pool,
) -> None:
    pool.run(NORMAL["python"])
    containers = [container.id for slot in pool.box._all for container in slot.containers.values()]
    for container in containers:
        assert _within(5, lambda container=container: len(_processes(container)) == IDLE_PROCESSES), _processes(
            container
        )
    processes = [pid for container in containers for pid in _processes(container)]
    pool.close()
    assert _within(5, lambda: not [pid for pid in processes if Path(f"/proc/{pid}").exists()])
    assert _own_containers() == pool.before.containers
    assert _within(5, lambda: _host().threads <= pool.before.threads)
    gc.collect()  # the client's attached socket is part of a cycle
    assert not _host().descriptors - pool.before.descriptors
    assert _within(10, lambda: _host().memory_bytes < pool.before.memory_bytes + MEMORY_BACK_BYTES)
    assert _within(10, lambda: _host().disk_bytes < pool.before.disk_bytes + DISK_BACK_BYTES)


HELD = ("AnonPages", "Shmem", "SUnreclaim", "KernelStack", "PageTables", "Percpu")
"""Memory that somebody holds. What is free is no measure: a virtual machine hands freed pages to its host and back."""


@dataclass(frozen=True)
class Host:
    """What could leak: memory and disk of the host in use; threads, descriptors and containers of this process."""

    memory_bytes: int
    disk_bytes: int
    threads: int
    descriptors: frozenset[str]
    containers: frozenset[str]


def _host() -> Host:
    lines = Path("/proc/meminfo").read_text().splitlines()
    held = sum(int(line.split()[1]) for line in lines if line.split(":")[0] in HELD)
    own = (path for path in Path("/proc/self/fd").iterdir() if path.is_symlink())
    return Host(
        memory_bytes=held * 1024,
        disk_bytes=shutil.disk_usage("/").used,
        threads=threading.active_count(),
        descriptors=frozenset(f"{path.name} {path.readlink()}" for path in own if os.path.lexists(path)),
        containers=_own_containers(),
    )


def _own_containers() -> frozenset[str]:
    return frozenset(_docker("ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={LABEL}={owner()}").split())


def _processes(container: str) -> list[int]:
    return [int(line.split()[0]) for line in _docker("top", container, "-o", "pid").splitlines()[1:]]


def _docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True, timeout=60).stdout


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold in time: the kernel gives back in its own time."""
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return held
