"""Rewards from the sandbox, and the guards against an answer that earns one without solving its problem.

An answer is worth 1 where its program passes the tests, proved well enough, and 0 where it fails them. What is undecided
(`untested`, a proof too weak, a fault of the sandbox) is worth nothing and costs nothing: the answer is left out. Programs
run while the engine still decodes: this is a thread of its own.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import zlib
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from alignment.errors import AlignmentError
from alignment.tokens.left_out import counted
from alignment.trainings.ppo.problems import SANDBOX, Exam, Task
from generators.reasons import Shared
from rows.encoding import encodable
from sandbox import Program, Proof, Report, Runner, SandboxError, Verdict
from sandbox.languages.dialects import dialect_of
from verification.extraction import answer_and_code
from verification.mutation import mutants
from verification.proof import proof_suffices
from verification.python_source import completed

T = TypeVar("T")
MUTANTS = 3
"""Faults of a solution that are tried until the tests tell one."""
UNDECIDED = (Verdict.untested, Verdict.sandbox_fault)


@dataclass(frozen=True)
class Judged:
    """What an answer earned."""

    reward: float | None
    """None: undecided, so left out."""
    why: str
    """The sandbox's verdict, or `no_code`, `cut_off`, `weak_proof`."""
    held_out: bool | None = None
    """Of a rewarded answer: whether it passes the tests held out too; None where there are none, or they decide nothing."""
    canary: bool | None = None
    """Of a rewarded answer held to a test that no program can pass: whether it passed. None where it was not."""


class Rewards(Protocol):
    """What says how much an answer is worth."""

    identity: str
    """Names what judges; a run goes on under the same alone."""

    def submit(self, task: Task, text: str, cut: bool) -> Future[Judged]:
        """Judge an answer; `cut` by the token limit. Returns at once."""
        ...

    def unsound(self, tasks: Sequence[Task]) -> list[str]:
        """Of each task why its answers cannot be judged; empty where they can."""
        ...


def sound(tasks: Sequence[Task], rewards: Rewards, dropped: dict[str, int]) -> tuple[list[int], dict[str, int]]:
    """Places of the tasks whose tests a right program passes and an empty one fails; the others are dropped by reason."""
    why = rewards.unsound(tasks)
    left_out: dict[str, list[str]] = {}
    for task, reason in zip(tasks, why, strict=True):
        if reason:
            left_out.setdefault(reason, []).append(task.name)
    dropped = {**dropped, **counted(left_out)}
    kept = [place for place, reason in enumerate(why) if not reason]
    refuse_none(kept, dropped)
    return kept, dropped


def refuse_none(kept: Sequence[object], dropped: Mapping[str, int]) -> None:
    """Raises AlignmentError where nothing is kept."""
    if not kept:
        told = ", ".join(f"{count} {reason}" for reason, count in sorted(dropped.items())) or "it has no rows"
        raise AlignmentError(f"no problem is left whose tests could be a reward: {told}")


class SandboxRewards:
    """Judges answers in a thread of its own. `box` is entered there, and left when this is closed."""

    def __init__(
        self, box: AbstractAsyncContextManager[Runner], *, least: Proof = Proof.isolated, canaries: float = 0.0
    ) -> None:
        self.identity = SANDBOX
        self._box, self._least, self._canaries = box, least, canaries
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="rewards", daemon=True)
        self._thread.start()
        self._runner: Runner = self._post(box.__aenter__()).result()

    def __enter__(self) -> SandboxRewards:
        return self

    def __exit__(self, *_: object) -> None:
        self._post(self._box.__aexit__(None, None, None)).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _post(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def submit(self, task: Task, text: str, cut: bool) -> Future[Judged]:
        """Judge an answer; `cut` by the token limit. The future raises SandboxError where the sandbox cannot work at all."""
        assert task.exam
        return self._post(self._judge(task.exam, text, cut))

    def unsound(self, tasks: Sequence[Task]) -> list[str]:
        """Of each problem why its tests are no reward: `gold_fails` where the reference solution, if there is one, fails them,
        `mutants_pass` where they pass that solution with any of a few faults too, `empty_passes` where a program that does nothing passes. Empty where they are one. Raises SandboxError.
        """

        async def all_of_them() -> list[str]:
            return list(await asyncio.gather(*(self._unsound(task.exam) for task in tasks if task.exam)))

        return self._post(all_of_them()).result()

    async def _judge(self, exam: Exam, text: str, cut: bool) -> Judged:
        dialect = dialect_of(exam.problem.programming_language)
        _, code = answer_and_code(text, cut, dialect.language, dialect.fence)
        if not code:
            return Judged(0.0, str(Shared.cut_off if cut else Shared.no_code))
        report = await self._run(exam, code, exam.rewarded)
        if report.verdict in UNDECIDED:
            return Judged(None, report.verdict)
        if not report.accepted:
            return Judged(0.0, report.verdict)
        if not proof_suffices(report, self._least):
            return Judged(None, str(Shared.weak_proof))
        found = Judged(1.0, report.verdict)
        if exam.held_out:
            apart = await self._run(exam, code, exam.held_out)
            found = replace(found, held_out=None if apart.verdict in UNDECIDED else apart.accepted)
        if exam.impossible and zlib.crc32(code.encode("utf-8", "replace")) < self._canaries * 2**32:
            # What no program can know: the tests are not in its process, and the word is drawn for this run alone.
            word = repr(secrets.token_hex(16))
            found = replace(found, canary=(await self._run(exam, code, f"{exam.impossible}{word}\n")).accepted)
        return found

    async def _unsound(self, exam: Exam) -> str:
        parts = [tests for tests in (exam.rewarded, exam.held_out) if tests]
        if exam.problem.reference:
            gold = [await self._run(exam, exam.problem.reference, tests) for tests in parts]
            if not all(proof_suffices(report, self._least) for report in gold):
                return "gold_fails"
            if await self._hollow(exam):
                return "mutants_pass"
        idle = f"def {exam.problem.entry_point}(*_, **__):\n    pass\n"
        for code in ("", *([idle] if exam.problem.programming_language == "python" else [])):
            if (await self._run(exam, code, exam.rewarded)).accepted:
                return "empty_passes"
        return ""

    async def _hollow(self, exam: Exam) -> bool:
        """Whether the rewarded tests pass each of a few faults put into the solution on purpose: then they prove nothing of it."""
        if exam.problem.programming_language != "python":
            return False
        faulty = mutants(exam.problem.reference, at_most=MUTANTS, roots=frozenset({exam.problem.entry_point}))
        for mutant in faulty:
            if not (await self._run(exam, mutant.code, exam.rewarded)).accepted:
                return False
        return bool(faulty)

    async def _run(self, exam: Exam, code: str, tests: str) -> Report:
        """A fault on this program alone is a report; where the sandbox fails on an empty one too, it raises SandboxError."""
        language = exam.problem.programming_language
        code = completed(code, exam.problem.preamble) if exam.problem.preamble else code
        program = Program(
            encodable(code), encodable(tests), exam.problem.entry_point or None, lint=False, language=language
        )
        try:
            return await self._runner.run(program)
        except SandboxError as error:
            await self._runner.run(Program("", language=language))
            return Report(Verdict.sandbox_fault, detail=str(error))
