"""After programs that fill memory, disk and process tables the host holds no more than before. Runs without other tests."""

import pytest
from hostile_programs import hostile_programs
from hostile_slot import DISK_BACK_BYTES, MEMORY_BACK_BYTES, NORMAL, Host, Pool, host, within

from sandbox import SandboxError

pytestmark = [pytest.mark.docker, pytest.mark.alone]
FILLING = ("memory/", "disk/", "processes/")


TIMES = 3
"""Others on the machine take memory and disk meanwhile; what a hostile program took for good is missing every time."""


def test_the_host_has_its_memory_and_disk_back() -> None:
    assert any(_back(_filled()) for _ in range(TIMES))


def _filled() -> Host:
    """What the host held before programs filled all they could."""
    pool = Pool()
    ran = 0
    try:
        for hostile in hostile_programs():
            if not hostile.name.startswith(FILLING) or not hostile.language:
                continue
            try:
                report = pool.run(hostile.program, hostile.limits)
            except SandboxError:
                assert hostile.language != "python"  # whose image is always there
                continue
            assert report.verdict in hostile.verdicts, hostile.name
            ran += 1
        assert pool.run(NORMAL["python"]).accepted
    finally:
        pool.close()
    assert ran >= 50
    return pool.before


def _back(before: Host) -> bool:
    return within(10, lambda: host().memory_bytes < before.memory_bytes + MEMORY_BACK_BYTES) and within(
        10, lambda: host().disk_bytes < before.disk_bytes + DISK_BACK_BYTES
    )
