"""The pool: `async with Sandbox() as box: report = await box.run(program)`. A slot is one warm container, one program
at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from types import TracebackType

from sandbox import policy
from sandbox.container import Container, Fault, clean, exchange, inside_hash, start, stop
from sandbox.image import build_image, connect, docker_problem, image_tag
from sandbox.report import Limits, Program, Report, SandboxError, Verdict
from sandbox.verdict import judge

PATIENCE_S = 120.0
"""How long a run waits for a Docker that has gone away before it gives up."""

ATTEMPTS = 3
MAX_CHARACTERS = 4_000_000
_LINT = (
    *("/usr/local/bin/ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--select", "F,E9"),
    *("--output-format", "json", "--stdin-filename", "solution.py", "-"),
)
_log = logging.getLogger(__name__)


@dataclass
class _Slot:
    """A place for one container; None until the first run needs it, and after a fault."""

    container: Container | None = None


class Sandbox:
    """A pool of warm containers. Enter it, `run` as many programs at once as you like, leave it clean."""

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        slots: int | None = None,
        image: str | None = None,
        runtime: str | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.slots = slots or os.cpu_count() or 1
        self._image = image or image_tag()
        self._runtime = runtime
        self._image_id = ""
        self._started = False
        parts = (self._image, inside_hash(), policy.policy_hash(), *_LINT, runtime or "")
        self.identity = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        """What a verdict depends on beside the program and its limits. The tag of our image is a hash of its recipe."""

    async def __aenter__(self) -> Sandbox:
        """Nothing is started before the first run, so whoever only replays recorded verdicts needs no Docker."""
        self._threads = ThreadPoolExecutor(self.slots, thread_name_prefix="sandbox")
        self._free: asyncio.Queue[_Slot] = asyncio.Queue()
        self._all = [_Slot() for _ in range(self.slots)]
        self._starting = asyncio.Lock()
        return self

    async def start(self) -> None:
        """Build the image where it is missing, reap what killed processes left, start the containers. The first run does
        this by itself. Raises SandboxError.
        """
        async with self._starting:
            if self._started:
                return
            await self._in_thread(self._prepare)
            await asyncio.gather(*(self._in_thread(self._ready, slot, self.limits) for slot in self._all))
            for slot in self._all:
                self._free.put_nowait(slot)
            self._started = True

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def run(self, program: Program, *, limits: Limits | None = None) -> Report:
        """Run one program; waits for a free slot. A fault of the sandbox is repeated in a new container, never blamed
        on the program; what no repetition mends comes back as `sandbox_fault`. Raises SandboxError where Docker stays
        away for PATIENCE_S, the language is unknown, or the program is longer than MAX_CHARACTERS.
        """
        if program.language != "python":
            raise SandboxError(f"the sandbox has no language {program.language!r}; it has: python")
        if len(program.code) + len(program.tests) + len(program.stdin) > MAX_CHARACTERS:
            raise SandboxError(f"a program with its tests and input may have {MAX_CHARACTERS} characters at most")
        await self.start()
        slot = await self._free.get()
        work = asyncio.get_running_loop().run_in_executor(
            self._threads, self._run, slot, program, limits or self.limits
        )
        # The slot comes back when its thread is done with it, not when the caller is cancelled.
        work.add_done_callback(lambda _: self._free.put_nowait(slot))
        return await asyncio.shield(work)

    async def wait_healthy(self) -> None:
        """Return once Docker answers. Raises SandboxError after PATIENCE_S."""
        await asyncio.get_running_loop().run_in_executor(None, _wait_for_docker)

    def _prepare(self) -> None:
        if (problem := docker_problem()) is not None:
            raise SandboxError(problem)
        if self._image == image_tag():
            build_image(_log.info)
        client = connect()
        try:
            self._image_id = client.images.get(self._image).id
        except Exception as error:
            raise SandboxError(
                f"no sandbox image {self._image!r}: {error}. Build it with `lab sandbox build`"
            ) from None
        finally:
            client.close()
        clean()

    def _run(self, slot: _Slot, program: Program, limits: Limits) -> Report:
        """One program in one slot, in a thread of its own: repeat on faults, in a new container each time."""
        job = _job(program, limits)
        fault = "it kept failing"
        for _ in range(ATTEMPTS):
            container = self._ready(slot, limits)
            try:
                facts = exchange(container, job, patience_s=2 * limits.wall_s + 20)
                return judge(program, limits, facts)
            except (Fault, KeyError, ValueError, TypeError) as error:
                fault = f"{type(error).__name__}: {error}"
                _log.warning("sandbox container replaced: %s", fault)
                self._drop(slot)
        return Report(
            Verdict.sandbox_fault, detail=f"The sandbox failed {ATTEMPTS} times; the program is not to blame. {fault}"
        )

    def _ready(self, slot: _Slot, limits: Limits) -> Container:
        """The slot's container, new where there is none, it is worn, or it was made for other limits. Waits for
        Docker.
        """
        container = slot.container
        if container is not None:
            same = all(
                getattr(container.limits, n) == getattr(limits, n) for n in ("memory_bytes", "pids", "disk_bytes")
            )
            if same and container.runs < policy.RUNS_PER_CONTAINER:
                return container
            self._drop(slot)
        deadline = time.monotonic() + PATIENCE_S
        failures = 0
        while True:
            try:
                slot.container = start(self._image_id, limits, self._runtime)
                return slot.container
            except Exception as error:
                failures += 1
                if docker_problem() is None and failures >= ATTEMPTS:
                    raise SandboxError(f"no sandbox container starts: {type(error).__name__}: {error}") from None
                _log.warning("no sandbox container yet: %s: %s", type(error).__name__, error)
            _wait_for_docker(deadline)

    @staticmethod
    def _drop(slot: _Slot) -> None:
        if slot.container is not None:
            stop(slot.container)
            slot.container = None

    async def _in_thread(self, function, *arguments):  # type: ignore[no-untyped-def]
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    async def _close(self) -> None:
        # A run whose caller was cancelled may still be going: its thread ends within its limits, then its slot goes.
        await asyncio.shield(asyncio.gather(*(self._in_thread(self._drop, slot) for slot in self._all)))
        self._threads.shutdown(wait=True)


def run_once(program: Program, *, limits: Limits | None = None, runtime: str | None = None) -> Report:
    """Run one program in a sandbox of its own; blocks, about a second. Raises SandboxError as `Sandbox.run` does."""

    async def once() -> Report:
        async with Sandbox(limits=limits, slots=1, runtime=runtime) as box:
            return await box.run(program)

    return asyncio.run(once())


def _job(program: Program, limits: Limits) -> dict[str, object]:
    return {
        "code": program.code,
        "tests": program.tests if program.tests.strip() else "",
        "entry_point": program.entry_point,
        "stdin": program.stdin,
        "limits": asdict(limits),
        "lint": list(_LINT),
        "fatal_rules": sorted(policy.FATAL_LINT_RULES) if program.lint else [],
        "kill_after_output": policy.KILL_AFTER_OUTPUT,
    }


def _wait_for_docker(deadline: float | None = None) -> None:
    """Return once Docker answers. Raises SandboxError at the deadline (PATIENCE_S from now where none is given)."""
    deadline = deadline or time.monotonic() + PATIENCE_S
    said = False
    while (problem := docker_problem()) is not None:
        if time.monotonic() > deadline:
            raise SandboxError(f"Docker stayed away: {problem}")
        if not said:
            _log.warning("waiting for Docker: %s", problem)
            said = True
        time.sleep(0.5)
