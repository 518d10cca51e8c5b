"""How many runs of a program a second this machine does, by slots: what `lab sandbox bench` prints."""

from __future__ import annotations

import asyncio
import statistics
import time
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.pool import Sandbox
from sandbox.report import Limits, Program, SandboxError, Verdict

TRIVIAL = Program("def add(a, b):\n    return a + b\n", "assert add(1, 2) == 3\n")
FINE = (Verdict.accepted, Verdict.untested)


@dataclass(frozen=True)
class Speed:
    """What one number of slots gave."""

    slots: int
    runs: int
    runs_per_s: float
    median_ms: float
    p99_ms: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


async def measure(program: Program, slots: int, seconds: float, limits: Limits) -> Speed:
    """Run `program` over and over, `slots` at a time, for `seconds`. Raises SandboxError where it does not run well."""
    took: list[float] = []
    async with Sandbox(slots=slots, limits=limits) as box:
        await asyncio.gather(*(box.run(program) for _ in range(slots)))  # containers start, compilers compile

        async def keep_running(until: float) -> None:
            while (began := time.monotonic()) < until:
                report = await box.run(program)
                if report.verdict not in FINE:
                    raise SandboxError(f"only a program that runs well can be timed: {report.verdict}: {report.detail}")
                took.append(1000 * (time.monotonic() - began))

        started = time.monotonic()
        await asyncio.gather(*(keep_running(started + seconds) for _ in range(slots)))
        elapsed = time.monotonic() - started
    took.sort()
    p99 = took[int(0.99 * (len(took) - 1))]
    return Speed(slots, len(took), round(len(took) / elapsed, 1), round(statistics.median(took), 1), round(p99, 1))
