"""One slot of the sandbox that hostile and normal programs take in turn, and what the host holds meanwhile."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from hostile_programs import TIGHT, UNHURRIED_S

from sandbox import Case, Limits, Program, Report, Sandbox
from sandbox.containers.container import LABEL, owner

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
    "ruby": Program("puts 2 * $stdin.read.to_i", cases=TWICE, language="ruby"),
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
    "java": Program(
        "class Main { public static void main(String[] a) { "
        "System.out.println(2 * new java.util.Scanner(System.in).nextInt()); } }\n",
        cases=TWICE,
        language="java",
    ),
    "typescript": Program(
        "const text: string = require('fs').readFileSync(0, 'utf8'); console.log(2 * Number(text));",
        cases=TWICE,
        language="typescript",
    ),
    "csharp": Program(
        "using System; class P { static void Main() { Console.WriteLine(2 * int.Parse(Console.ReadLine())); } }",
        cases=TWICE,
        language="csharp",
    ),
    "rust": Program(
        "fn main() { let mut s = String::new(); std::io::stdin().read_line(&mut s).unwrap(); "
        'println!("{}", 2 * s.trim().parse::<i32>().unwrap()); }\n',
        cases=TWICE,
        language="rust",
    ),
    "go": Program(
        'package main\nimport "fmt"\nfunc main() { var n int; fmt.Scan(&n); fmt.Println(2 * n) }\n',
        cases=TWICE,
        language="go",
    ),
    "bash": Program("read -r n; echo $((2 * n))\n", cases=TWICE, language="bash"),
}


UNHURRIED = replace(TIGHT, wall_s=UNHURRIED_S)


class Pool:
    """A sandbox with one slot, so that the normal program runs where the hostile one did."""

    def __init__(self) -> None:
        self.before = host()
        self._runner = asyncio.Runner()
        self.box = Sandbox(limits=TIGHT, slots=1)
        self._runner.run(self.box.__aenter__())
        self.closed = False

    def run(self, program: Program, limits: Limits = UNHURRIED) -> Report:
        return self._runner.run(self.box.run(program, limits=limits))

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self._runner.run(self.box.__aexit__(None, None, None))
            self._runner.close()


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


def host() -> Host:
    lines = Path("/proc/meminfo").read_text().splitlines()
    held = sum(int(line.split()[1]) for line in lines if line.split(":")[0] in HELD)
    own = (path for path in Path("/proc/self/fd").iterdir() if path.is_symlink())
    return Host(
        memory_bytes=held * 1024,
        disk_bytes=shutil.disk_usage("/").used,
        threads=threading.active_count(),
        descriptors=frozenset(f"{path.name} {path.readlink()}" for path in own if os.path.lexists(path)),
        containers=own_containers(),
    )


def own_containers() -> frozenset[str]:
    return frozenset(_docker("ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={LABEL}={owner()}").split())


def processes_of(container: str) -> list[int]:
    return [int(line.split()[0]) for line in _docker("top", container, "-o", "pid").splitlines()[1:]]


def _docker(*arguments: str) -> str:
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True, timeout=60).stdout


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold in time: the kernel gives back in its own time."""
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return held
