"""One real sandbox with tight limits for all sandbox tests of a session, and a plain function that runs a program in
it.
"""

import asyncio
import functools
import threading

from sandbox import Limits, Program, Report, Sandbox

TIGHT = Limits(cpu_s=1.0, wall_s=20.0, memory_bytes=96 * 1024 * 1024, pids=24)
"""Tight but for wall time, which a busy machine may need for a program that is not about it."""


@functools.cache
def started() -> tuple[asyncio.AbstractEventLoop, Sandbox]:
    """The sandbox and the loop it lives on. Nothing takes it down: its containers end with this process."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    box = Sandbox(limits=TIGHT, slots=2)
    asyncio.run_coroutine_threadsafe(box.__aenter__(), loop).result(600)
    return loop, box


def run(
    code: str, tests: str = "", *, entry_point: str | None = None, stdin: str = "", limits: Limits | None = None
) -> Report:
    """Run one program and wait for its report."""
    return run_program(Program(code, tests, entry_point=entry_point, stdin=stdin), limits)


def run_program(program: Program, limits: Limits | None = None) -> Report:
    """The same of any program."""
    loop, box = started()
    return asyncio.run_coroutine_threadsafe(box.run(program, limits=limits), loop).result(120)
