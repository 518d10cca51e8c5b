"""The pool: `async with Sandbox() as box: report = await box.run(program)`. A slot is one warm container, one program
at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any

from sandbox import jobs, policy
from sandbox.containers.artefacts import Artefacts
from sandbox.containers.container import Container, Fault, clean, exchange, interrupt, refusal, start, stop
from sandbox.containers.image import build_image, docker_problem, image_id, image_tag
from sandbox.identity import code_hash
from sandbox.jobs import Way
from sandbox.judge import judge, one_process, proves_nothing, undone
from sandbox.judge.facts import stopped_for_nothing
from sandbox.judge.meaning import meddles
from sandbox.judge.overruled import overruled
from sandbox.languages import table as languages
from sandbox.languages.control import (
    Control,
    controls,
    covers,
    every_change_told,
    fails_as_it_must,
    unchanged,
    untouched,
)
from sandbox.languages.language import Language
from sandbox.report import Limits, Program, Proof, Report, SandboxError, Verdict
from sandbox.visible import visible

PATIENCE_S = 120.0
"""How long a run waits for a Docker that has gone away before it gives up."""

ATTEMPTS = 3
PROBE = Program("print(6 * 7)", lint=False)
"""An ordinary program: where it runs well between the faults of another, the sandbox is not at fault."""
MAX_CHARACTERS = 4_000_000
MOST_REMEMBERED = 100_000
"""Programs that failed, of which a pool knows that they did."""
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
    said: dict[str, Any] | None = None
    """The last word of Python's tests in the last run here that had any."""


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
        self._failed: dict[bytes, None] = {}
        """Hashes of programs that failed apart from their tests, and had them in their process afterwards; the oldest first."""

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
            self._threads, self._run, slot, language, program, limits or self.limits
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

    def _run(self, slot: _Slot, language: Language, program: Program, limits: Limits) -> Report:
        """One program in one slot, in a thread of its own. Where tests share a process with the program, what is
        accepted must fail the controls (`languages/control.py`) to stay so; without a control it is `plain`. Where they
        were apart from it, they run in one process with it as well (Python's of an accepted program only where crossing may
        hide something), and by the language's own command where it has one: what was accepted must pass there, and what
        passes there has not failed.
        """
        if why := jobs.unfit(language, program):
            return Report(Verdict.untested, detail=why)

        def told(changes: dict[str, Any]) -> tuple[Report, dict[str, Any] | None]:
            return self._once(slot, language, program, limits, changes=changes), slot.said

        report = self._as_before(program, limits, self._once(slot, language, program, limits))
        report = undone.settled(report, program, slot.said, told)
        if report.verdict in one_process.ASKED_OF_CALLS and jobs.plainly(language, program) is not None:
            plain = self._once(slot, language, program, limits, way=Way.plainly)
            report = one_process.agreed(report, plain, passed=plain.accepted, where="by the language's own command")
            if not report.accepted:
                return report
        if jobs.shares_a_process(program):
            return self._controlled(slot, language, program, limits, report) if report.accepted else report
        if report.verdict in one_process.UNASKED or program.cases or not program.tests.strip():
            return report
        if jobs.needs_commands(program):
            if report.verdict not in one_process.ASKED_OF_CALLS:
                return report
            together = self._once(slot, language, program, limits, way=Way.together)
            return one_process.agreed(report, together, passed=together.accepted and not together.exit_code)
        if not one_process.asked(program, report.verdict):
            return report
        if report.accepted and (name := one_process.looks(program)):
            return one_process.unknown(report, name)
        status = secrets.choice(range(64, 250))
        joined = one_process.joined(program, status)
        room = one_process.room(limits, report.verdict)
        together = self._once(slot, language, joined, room, way=Way.together)
        return one_process.agreed(report, together, passed=together.exit_code == status)

    def _as_before(self, program: Program, limits: Limits, report: Report) -> Report:
        """A report on a run apart from the tests, which is no better than what the same program came to before: since then it has
        had them in its process, and may have left what they expect in what the kernel counts.
        """
        if jobs.shares_a_process(program) or program.cases or not program.tests.strip():
            return report
        key = hashlib.sha256(repr((program, limits)).encode("utf-8", "backslashreplace")).digest()
        if report.accepted:
            return one_process.knows(report) if key in self._failed else report
        if report.verdict in one_process.ASKED_OF_CALLS:  # not for a limit, which a busy machine reaches
            self._failed[key] = None
            if len(self._failed) > MOST_REMEMBERED:
                del self._failed[next(iter(self._failed))]
        return report

    def _controlled(self, slot: _Slot, language: Language, program: Program, limits: Limits, report: Report) -> Report:
        """What is left of an accepted report after its controls. They go between real runs in a secret order, by the
        same steps, each in a new container, nothing kept of what was compiled: no number tells a program which of them
        it is in, and none finds what another left.
        """
        units = jobs.assembled(language, program).units
        chance = secrets.SystemRandom()
        made = controls(program.tests, units, language.name, chance)
        if not made:
            return report
        word = meddles(language.name, program.code, program.tests)
        left = untouched(program.tests, units, language.name)
        told = covers(program.tests, units, language.name) and not word
        told = told and not overruled(program.tests, left, language.name)
        runs: list[Control | str] = [*made, *unchanged(program.tests, language.name, made, chance)]
        chance.shuffle(runs)
        for tried in runs:
            if not told and isinstance(tried, Control) and tried.fine:
                continue  # which says no more than that the proof is plain
            tests = tried if isinstance(tried, str) else tried.tests
            self._drop(slot, _place(language, beside=True), waits=False)
            # Together, though what was changed may read as plain calls: a control goes the way that the tests went.
            again = self._once(slot, language, replace(program, tests=tests), limits, alike=True, way=Way.together)
            if again.verdict is Verdict.sandbox_fault:
                return again
            if isinstance(tried, str):
                if not again.accepted:
                    return again if tests == program.tests else proves_nothing(report, again)
                continue
            as_it_must = fails_as_it_must(again, tried, units, language.name)
            if not as_it_must and not tried.fine:
                return proves_nothing(report, again)
            all_told = as_it_must and every_change_told(again, tried, units, language.name)
            if tried.of_edges and not all_told:  # equal to what is expected and to nothing at all
                return proves_nothing(report, again)
            told &= all_told
        if word:
            said = f"{report.detail} Controls prove nothing: by {word} it reaches its tests, or means something else to them."
            return replace(report, detail=said)
        return replace(report, proof=Proof.control) if told else report

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
    ) -> Report:
        """One run; repeated on faults, in a new container each time. `alike`: all steps are gone through."""
        slot.said = None
        own = languages.run_limits(language, limits)
        script = jobs.assembled(language, program, way) if jobs.needs_commands(program) else None
        alike = alike or way is Way.plainly
        place = _place(language, beside=way is not Way.apart or jobs.shares_a_process(program))
        kept = self._compiled.get(language, program, script) if script and not alike else None
        work = jobs.job(language, program, own, kept, way=way, changes=changes)
        patience_s = jobs.longest_s(work) + 20
        fault = "it kept failing"
        well = 0
        for _ in range(ATTEMPTS):
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
                slot.said = facts.get("done")
                if script and not alike:
                    self._compiled.put(language, program, script, facts)
                return self._recycled(slot, place, report)
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
            return Report(Verdict.runtime_error, detail=visible(detail))
        if self._closing:
            return Report(Verdict.sandbox_fault, detail="The sandbox was closed before the program ended.")
        return Report(
            Verdict.sandbox_fault, detail=f"The sandbox failed {ATTEMPTS} times; the program is not to blame. {fault}"
        )

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
        image = self._image(language)
        deadline = time.monotonic() + PATIENCE_S
        failures = 0
        while True:
            try:
                slot.containers[place] = start(image, limits, self._runtime)
                return slot.containers[place]
            except Exception as error:
                if said := refusal(error):
                    raise SandboxError(f"Docker makes no such container: {said}") from None
                failures += 1
                if docker_problem() is None and failures >= ATTEMPTS:
                    raise SandboxError(f"no sandbox container starts: {type(error).__name__}: {error}") from None
                _log.warning("no sandbox container yet: %s: %s", type(error).__name__, error)
            _wait_for_docker(deadline)

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
