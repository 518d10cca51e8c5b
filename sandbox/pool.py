"""The pool: `async with Sandbox() as box: report = await box.run(program)`. A slot is one warm container, one program
at a time.
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

from sandbox import jobs, policy
from sandbox.containers.artefacts import Artefacts
from sandbox.containers.container import Container, Fault, clean, exchange, interrupt, refusal, start, stop
from sandbox.containers.image import NotBuilt, build_image, docker_problem, image_id, image_tag
from sandbox.course import Failed, settled
from sandbox.identity import code_hash
from sandbox.jobs import Way
from sandbox.judge import judge
from sandbox.judge.facts import stopped_for_nothing
from sandbox.languages import table as languages
from sandbox.languages.language import Language
from sandbox.report import Limits, Program, Report, SandboxError, Verdict
from sandbox.visible import visible

PATIENCE_S = 120.0
"""How long a run waits for a Docker that has gone away before it gives up."""

ATTEMPTS = 3
PROBE = Program("print(6 * 7)", lint=False)
"""An ordinary program: where it runs well between the faults of another, the sandbox is not at fault."""
MAX_CHARACTERS = 4_000_000
FAULTS = (Fault, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What a container's failure, or facts that are none, end in."""
_log = logging.getLogger(__name__)


@dataclass
class _Slot:
    """A place for one program at a time, with a warm container for each image it was asked for, and another where programs have
    tests in their process: what they learn there is known in no container where answers are compared outside.
    """

    containers: dict[str, Container] = field(default_factory=dict)
    """By language; `LANGUAGE beside its tests`."""


class Sandbox:
    """A pool of warm containers. Enter it, `run` as many programs at once as you like, leave it clean."""

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        slots: int | None = None,
        runtime: str | None = None,
        fresh: bool = False,
    ) -> None:
        """`fresh` starts a new container for each run (0.5 to 1.4 s each): no program has one before it."""
        self.limits = limits or Limits()
        self.slots = slots or os.cpu_count() or 1
        self._runtime = runtime
        self._fresh = fresh
        self._image_ids: dict[str, str] = {}
        self._looking = threading.Lock()
        self._started = False
        self._closing = False
        self._compiled = Artefacts()
        self._failed = Failed()

    def identity(self, language: str = "python") -> str:
        """What a verdict depends on beside the program and its limits: the image (its tag is a hash of its recipe), the
        code of the sandbox, the runtime.
        """
        parts = [image_tag(language), code_hash(), self._runtime or ""]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    async def __aenter__(self) -> Sandbox:
        """Nothing is started before the first run, so whoever only replays recorded verdicts needs no Docker."""
        self._threads = ThreadPoolExecutor(self.slots, thread_name_prefix="sandbox")
        self._leaving = ThreadPoolExecutor(self.slots, thread_name_prefix="sandbox-leaving")
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
            await asyncio.gather(
                *(self._in_thread(self._ready, slot, languages.LANGUAGES["python"], self.limits) for slot in self._all)
            )
            for slot in self._all:
                self._free.put_nowait(slot)
            self._started = True

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def run(self, program: Program, *, limits: Limits | None = None) -> Report:
        """Run one program; waits for a free slot. A fault of the sandbox is repeated in a new container. What no
        repetition mends is the program's own doing (`runtime_error`) where an ordinary program ran well in between, and
        `sandbox_fault` where none did. Raises SandboxError where Docker stays away for PATIENCE_S, the language is
        unknown, or the program is longer than MAX_CHARACTERS.
        """
        language = languages.find(program.language)
        if program.language != language.name:
            program = replace(program, language=language.name)
        cases = sum(len(case.stdin) + len(case.stdout) for case in program.cases)
        files = sum(len(content) for _, content in program.files)
        if len(program.code) + len(program.tests) + len(program.stdin) + cases + files > MAX_CHARACTERS:
            raise SandboxError(f"a program with its tests and input may have {MAX_CHARACTERS} characters at most")
        await self.start()
        slot = await self._free.get()
        work = asyncio.get_running_loop().run_in_executor(
            self._threads,
            settled,
            functools.partial(self._once, slot, language),
            self._failed,
            language,
            program,
            limits or self.limits,
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
        build_image(_log.info)
        clean()

    def _image(self, language: Language) -> str:
        """The id of a language's image. Raises SandboxError where it was never built."""
        with self._looking:
            if language.name not in self._image_ids:
                self._image_ids[language.name] = image_id(language.name)
            return self._image_ids[language.name]

    def _once(
        self,
        slot: _Slot,
        language: Language,
        program: Program,
        limits: Limits,
        *,
        alike: bool = False,
        way: Way = Way.apart,
        changes: dict[str, Any] | None = None,
        anew: bool = False,
    ) -> tuple[Report, dict[str, Any] | None]:
        """One run (`course.Run`); repeated on faults, in a new container each time."""
        said: dict[str, Any] | None = None
        own = languages.run_limits(language, limits)
        script = jobs.assembled(language, program, way) if jobs.needs_commands(program) else None
        alike = alike or way is Way.plainly
        place = _place(language, beside=way is not Way.apart or jobs.shares_a_process(program))
        if anew:
            self._drop(slot, place, waits=False)
        kept = self._compiled.get(language, program, script) if script and not alike else None
        work = jobs.job(language, program, own, kept, way=way, changes=changes)
        patience_s = jobs.longest_s(work) + 20
        fault = "it kept failing"
        well = 0
        for _ in range(ATTEMPTS):
            if self._closing:
                break
            container = self._ready(slot, language, limits, place)
            if self._closing:
                break
            try:
                facts = exchange(container, work, patience_s)
                if stopped_for_nothing(language, program, facts):
                    work = jobs.job(language, program, own, kept, way=way, lint_stops=False, changes=changes)
                    facts = exchange(container, work, patience_s)
                if script and kept:
                    facts = self._compiled.with_build(language, program, script, facts)
                report = judge(language, program, own, facts, way=way)
                said = facts.get("done")
                if script and not alike:
                    self._compiled.put(language, program, script, facts)
                return self._recycled(slot, place, report), said
            except FAULTS as error:
                fault = f"{type(error).__name__}: {error}"[:1000]
                self._drop(slot, place)
                if self._closing:
                    break
                _log.warning("sandbox container replaced: %s", fault)
                well += self._is_well(slot, language, limits, place)
        if well == ATTEMPTS and not self._closing:
            detail = (
                f"It broke the sandbox {ATTEMPTS} times, where an ordinary program ran well each time after. {fault}"
            )
            return Report(Verdict.runtime_error, detail=visible(detail)), said
        if self._closing:
            return Report(Verdict.sandbox_fault, detail="The sandbox was closed before the program ended."), said
        detail = f"The sandbox failed {ATTEMPTS} times; the program is not to blame. {fault}"
        return Report(Verdict.sandbox_fault, detail=detail), said

    def _is_well(self, slot: _Slot, language: Language, limits: Limits, place: str) -> bool:
        """Whether an ordinary program runs in a new container of this language: every one holds Python."""
        python = languages.LANGUAGES["python"]
        work = jobs.job(python, PROBE, Limits())
        try:
            facts = exchange(self._ready(slot, language, limits, place), work, jobs.longest_s(work) + 20)
            return judge(python, PROBE, Limits(), facts).stdout == "42\n"
        except FAULTS:
            self._drop(slot, place)
            return False

    def _ready(self, slot: _Slot, language: Language, limits: Limits, place: str = "python") -> Container:
        """The slot's container of a place, new where there is none, it is worn, or it was made for other limits. Waits for
        Docker.
        """
        limits = languages.container_limits(language, limits)
        container = slot.containers.get(place)
        if container is not None:
            same = all(
                getattr(container.limits, n) == getattr(limits, n) for n in ("memory_bytes", "pids", "disk_bytes")
            )
            if same and container.runs < (1 if self._fresh else policy.RUNS_PER_CONTAINER):
                return container
            self._drop(slot, place, waits=False)
        deadline = time.monotonic() + PATIENCE_S
        failures = 0
        while not self._closing:
            try:
                slot.containers[place] = start(self._image(language), limits, self._runtime)
                return slot.containers[place]
            except NotBuilt:
                raise
            except Exception as error:
                if said := refusal(error):
                    raise SandboxError(f"Docker makes no such container: {said}") from None
                failures += 1
                if docker_problem() is None and failures >= ATTEMPTS:
                    raise SandboxError(f"no sandbox container starts: {type(error).__name__}: {error}") from None
                _log.warning("no sandbox container yet: %s: %s", type(error).__name__, error)
            _wait_for_docker(deadline, lambda: self._closing)
        raise SandboxError("the sandbox was closed before a container started")

    def _recycled(self, slot: _Slot, place: str, report: Report) -> Report:
        """The kernel gives memory back at its own pace; the next program must not pay for what this one took."""
        if report.verdict is Verdict.memory_limit:
            self._drop(slot, place)
        return report

    def _drop(self, slot: _Slot, place: str | None = None, *, waits: bool = True) -> None:
        """Take away the slot's container of one place, or all of them. For one at rest nobody need wait the tenth of a second
        that takes Docker; what another holds is back before the next starts.
        """
        for name in [place] if place else list(slot.containers):
            if (container := slot.containers.pop(name, None)) is not None:
                if waits:
                    stop(container)
                else:
                    self._leaving.submit(stop, container)

    async def _in_thread(self, function, *arguments):  # type: ignore[no-untyped-def]
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    async def _close(self) -> None:
        # A run whose caller was cancelled may still be going. Nobody waits for its verdict, so it ends now, not within
        # its limits: its container's stream breaks off. Closing the stream would not wake the thread that reads it.
        self._closing = True
        for slot in self._all:
            for container in list(slot.containers.values()):
                interrupt(container)
        await asyncio.shield(asyncio.gather(*(self._in_thread(self._drop, slot) for slot in self._all)))
        self._threads.shutdown(wait=True)
        for slot in self._all:  # what a thread was starting meanwhile
            self._drop(slot)
        self._leaving.shutdown(wait=True)


def run_once(
    program: Program, *, limits: Limits | None = None, runtime: str | None = None, fresh: bool = False
) -> Report:
    """Run one program in a sandbox of its own; blocks, about a second. Raises SandboxError as `Sandbox.run` does."""

    async def once() -> Report:
        async with Sandbox(limits=limits, slots=1, runtime=runtime, fresh=fresh) as box:
            return await box.run(program)

    return asyncio.run(once())


def _place(language: Language, *, beside: bool) -> str:
    """The name of a slot's container: of programs that have their tests `beside` them in their process, or of those that have not."""
    return f"{language.name} beside its tests" if beside else language.name


def _wait_for_docker(deadline: float | None = None, over: Callable[[], bool] = lambda: False) -> None:
    """Return once Docker answers, or nobody wants it any more. Raises SandboxError at the deadline (PATIENCE_S from now where
    none is given).
    """
    deadline = deadline or time.monotonic() + PATIENCE_S
    said = False
    while not over() and (problem := docker_problem()) is not None:
        if time.monotonic() > deadline:
            raise SandboxError(f"Docker stayed away: {problem}")
        if not said:
            _log.warning("waiting for Docker: %s", problem)
            said = True
        time.sleep(0.5)
