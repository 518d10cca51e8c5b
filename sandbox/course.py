"""The course of a program's runs: one of itself, and those that have to bear out what it came to, in one process with its tests, by
its language's own command, and as controls.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from typing import Any, Protocol

from sandbox import jobs
from sandbox.jobs import Way
from sandbox.judge import one_process, proves_nothing, undone
from sandbox.judge.meaning import meddles
from sandbox.judge.overruled import overruled
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
from sandbox.report import Limits, Program, Proof, Report, Verdict

MOST_REMEMBERED = 100_000
"""Programs that failed, of which a sandbox knows that they did."""


class Run(Protocol):
    """One run in one slot, with what its tests said last."""

    def __call__(
        self,
        program: Program,
        limits: Limits,
        *,
        alike: bool = False,
        way: Way = Way.apart,
        changes: dict[str, Any] | None = None,
        anew: bool = False,
    ) -> tuple[Report, dict[str, Any] | None]:
        """`alike`: all steps are gone through. `anew`: in a new container."""


class Failed:
    """Hashes of programs that failed apart from their tests, and had them in their process afterwards; the oldest first."""

    def __init__(self) -> None:
        self._hashes: dict[bytes, None] = {}

    def as_before(self, program: Program, limits: Limits, report: Report) -> Report:
        """A report on a run apart from the tests, which is no better than what the same program came to before: since then it has
        had them in its process, and may have left what they expect in what the kernel counts.
        """
        if jobs.shares_a_process(program) or program.cases or not program.tests.strip():
            return report
        key = hashlib.sha256(repr((program, limits)).encode("utf-8", "backslashreplace")).digest()
        if report.accepted:
            return one_process.knows(report) if key in self._hashes else report
        if report.verdict in one_process.ASKED_OF_CALLS:  # not for a limit, which a busy machine reaches
            self._hashes[key] = None
            if len(self._hashes) > MOST_REMEMBERED:
                del self._hashes[next(iter(self._hashes))]
        return report


def settled(run: Run, failed: Failed, language: Language, program: Program, limits: Limits) -> Report:
    """One program by all the runs that it takes. Where tests share a process with the program, what is
    accepted must fail the controls (`languages/control.py`) to stay so; without a control it is `plain`. Where they
    were apart from it, they run in one process with it as well (Python's of an accepted program only where crossing may
    hide something), and by the language's own command where it has one: what was accepted must pass there, and what
    passes there has not failed.
    """
    if why := jobs.unfit(language, program):
        return Report(Verdict.untested, detail=why)

    def told(changes: dict[str, Any]) -> tuple[Report, dict[str, Any] | None]:
        return run(program, limits, changes=changes)

    first, said = run(program, limits)
    report = undone.settled(failed.as_before(program, limits, first), program, said, told)
    if report.verdict in one_process.ASKED_OF_CALLS and jobs.plainly(language, program) is not None:
        plain, _ = run(program, limits, way=Way.plainly)
        report = one_process.agreed(report, plain, passed=plain.accepted, where="by the language's own command")
        if not report.accepted:
            return report
    if jobs.shares_a_process(program):
        return _controlled(run, language, program, limits, report) if report.accepted else report
    if report.verdict in one_process.UNASKED or program.cases or not program.tests.strip():
        return report
    if jobs.needs_commands(program):
        if report.verdict not in one_process.ASKED_OF_CALLS:
            return report
        together, _ = run(program, limits, way=Way.together)
        return one_process.agreed(report, together, passed=together.accepted and not together.exit_code)
    if not one_process.asked(program, report.verdict):
        return report
    if report.accepted and (name := one_process.looks(program)):
        return one_process.unknown(report, name)
    status = secrets.choice(range(64, 250))
    joined = one_process.joined(program, status)
    together, _ = run(joined, one_process.room(limits, report.verdict), way=Way.together)
    return one_process.agreed(report, together, passed=together.exit_code == status)


def _controlled(run: Run, language: Language, program: Program, limits: Limits, report: Report) -> Report:
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
        # Together, though what was changed may read as plain calls: a control goes the way that the tests went.
        again, _ = run(replace(program, tests=tests), limits, alike=True, way=Way.together, anew=True)
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
        said = (
            f"{report.detail} Controls prove nothing: by {word} it reaches its tests, or means something else to them."
        )
        return replace(report, detail=said)
    return replace(report, proof=Proof.control) if told else report
