"""What the kernel counts for this container, cgroup v1 or v2. Runs in the container."""

import os
from pathlib import Path


def counters() -> dict[str, int]:
    """How often the kernel refused this container a process, and killed one of it for memory (cgroup v1 or v2)."""
    return {
        "oom": max(_number("memory/memory.oom_control", "oom_kill"), _number("memory.events", "oom_kill")),
        "pids": max(_number("pids/pids.events", "max"), _number("pids.events", "max")),
    }


def cpu_s() -> float:
    """CPU seconds this container has used."""
    try:
        return int(Path("/sys/fs/cgroup/cpuacct/cpuacct.usage").read_text()) / 1e9
    except OSError:
        return _number("cpu.stat", "usage_usec") / 1e6


def _number(file: str, name: str) -> int:
    try:
        text = Path("/sys/fs/cgroup", file).read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.split()[0] == name), 0)


def disk_full() -> bool:
    full = (os.statvfs(folder) for folder in ("/tmp", "/dev/shm"))
    return any(state.f_bavail == 0 or state.f_favail == 0 for state in full)
