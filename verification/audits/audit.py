"""The audit itself: run a data set's tests against faulty solutions, again and again, and on other inputs.

Everything runs in the sandbox. A row that was audited by an earlier call with the same settings is taken from the
journal beside the output, so a call that was cut off goes on where it stopped.
"""

from __future__ import annotations

import ast
import asyncio
import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sandbox.languages.table import LANGUAGES
from sandbox.pool import Sandbox
from sandbox.report import Limits, Program, Report, Verdict
from verification.audits.journal import Journal, write_output
from verification.audits.rows import Row
from verification.differential import Call, answers_in, compare, majority, new_inputs, script_for
from verification.mutation import mutants
from verification.python_source import nodes

INPUTS = 20
"""New inputs a row is compared on."""
FASTEST = Limits(cpu_s=1.0, wall_s=5.0)
"""Time a mutant always has; a slow solution's mutants have MUTANT_TIME times what it took."""
MUTANT_TIME = 5.0
UNCALLED = "No test called the program"
Say = Callable[[int, int], None]


@dataclass(frozen=True)
class Settings:
    """What an audit does to each row. Changing any of it audits anew."""

    mutants: int = 20
    reruns: int = 3
    seed: int = 0


@dataclass(frozen=True)
class Findings:
    """What the audit found of one row; None where it could not be asked."""

    verdict: str = ""
    """Of the solution with its tests; empty for a row without code, tests, or a language that is audited."""
    mutants: int = 0
    mutants_killed: float | None = None
    """Share of the mutants that the tests refuse, 0 to 1."""
    survivors: tuple[str, ...] = ()
    """Unified diffs of the mutants that the tests accept."""
    flake_rate: float | None = None
    """Share of the re-executions that ended otherwise than the first."""
    calls: bool | None = None
    """Whether any test calls the solution."""
    inputs: int = 0
    """New inputs on which the reference has an answer."""
    differs: float | None = None
    """Share of those on which the solution's answer is another."""
    differences: tuple[str, ...] = ()
    """The first few: call, own answer, the reference's."""

    def columns(self) -> dict[str, Any]:
        """As columns of the output, `audit_` before each name."""
        return {f"audit_{name}": list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}

    @staticmethod
    def from_columns(columns: dict[str, Any]) -> Findings:
        """What `columns` wrote."""
        values: dict[str, Any] = {
            name.removeprefix("audit_"): tuple(value) if isinstance(value, list) else value
            for name, value in columns.items()
        }
        return Findings(**values)


@dataclass(frozen=True)
class Audited:
    """One row with its findings."""

    row: Row
    findings: Findings
    before: bool
    """Whether an earlier call found them."""


async def audit(box: Sandbox, rows: Sequence[Row], out: Path, settings: Settings, say: Say) -> list[Audited]:
    """Audit each row, journal it, then write `out` (JSONL or Parquet by its suffix): the rows with the columns of
    `Findings`. `say(done, all)` is called after each. Raises SandboxError where Docker stays away or `out` cannot be
    written.
    """
    peers: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        peers[(row.problem, row.tests)].append(row)
    answers = _Answers(box)
    done: dict[int, Audited] = {}
    waiting = asyncio.Semaphore(2 * box.slots)  # rows under way: enough for every slot, few enough to be cut off
    with Journal(out) as journal:

        async def one(row: Row) -> None:
            async with waiting:
                others = peers[(row.problem, row.tests)]
                key = _key(box, row, others, settings)
                known = journal.known(key)
                if known is not None:
                    done[row.number] = Audited(row, Findings.from_columns(known), True)
                else:
                    findings, runs = await _audit_row(box, row, others, answers, settings)
                    done[row.number] = Audited(row, findings, False)
                    if Verdict.sandbox_fault not in [report.verdict for report in runs]:
                        journal.add(key, row, program_of(row), box.limits, runs, findings.columns())
                say(len(done), len(rows))

        try:
            async with asyncio.TaskGroup() as group:
                for row in rows:
                    group.create_task(one(row))
        except ExceptionGroup as several:  # whoever calls handles one SandboxError, not a group of the same
            raise several.exceptions[0] from None
        found = [done[row.number] for row in rows]
        write_output(out, [{**item.row.data, **item.findings.columns()} for item in found])
    return found


def program_of(row: Row) -> Program:
    """The row as the sandbox takes it. What was accepted when the row was made is not refused here for its style."""
    return Program(row.code, row.tests, entry_point=row.entry_point, language=row.language, lint=False)


async def _audit_row(
    box: Sandbox, row: Row, peers: Sequence[Row], answers: _Answers, settings: Settings
) -> tuple[Findings, list[Report]]:
    if not row.code.strip() or not row.tests.strip():
        return Findings(), []
    program = program_of(row)
    runs = [await box.run(program)]
    # With another text each, since the sandbox holds it against a program that the same one failed before.
    others = [replace(program, code=program.code + "\n" * number) for number in range(1, settings.reruns + 1)]
    runs += await asyncio.gather(*(box.run(other) for other in others))
    first, again = runs[0], [report for report in runs[1:] if report.verdict is not Verdict.sandbox_fault]
    findings = Findings(
        verdict=str(first.verdict),
        flake_rate=round(sum(outcome(run) != outcome(first) for run in again) / len(again), 4) if again else None,
    )
    if first.detail.startswith(UNCALLED):
        return replace(findings, calls=False), runs
    if not first.accepted or row.language != "python":
        return findings, runs
    findings = replace(findings, calls=True)
    findings = await _mutated(box, row, first, findings, settings)
    return await _compared(row, peers, answers, findings, settings), runs


async def _mutated(box: Sandbox, row: Row, first: Report, findings: Findings, settings: Settings) -> Findings:
    limits = replace(
        box.limits,
        cpu_s=min(box.limits.cpu_s, max(FASTEST.cpu_s, MUTANT_TIME * first.usage.cpu_s)),
        wall_s=min(box.limits.wall_s, max(FASTEST.wall_s, MUTANT_TIME * first.usage.wall_s)),
    )
    faulty = mutants(row.code, at_most=settings.mutants, roots=_roots(row), seed=settings.seed)
    programs = [replace(program_of(row), code=mutant.code) for mutant in faulty]
    reports = await asyncio.gather(*(box.run(program, limits=limits) for program in programs))
    tried = [(m, r) for m, r in zip(faulty, reports, strict=True) if r.verdict is not Verdict.sandbox_fault]
    survivors = tuple(mutant.diff for mutant, report in tried if report.accepted)
    killed = round(1 - len(survivors) / len(tried), 4) if tried else None
    return replace(findings, mutants=len(tried), mutants_killed=killed, survivors=survivors)


async def _compared(
    row: Row, peers: Sequence[Row], answers: _Answers, findings: Findings, settings: Settings
) -> Findings:
    """Against the row's reference; without one, against what most solutions of its problem say."""
    others = [peer.code for peer in peers if peer.language == "python" and peer.code.strip()]
    if not row.reference and len(set(others)) < 3:
        return findings
    calls = new_inputs(row.tests, row.entry_point, row.reference or others[0], at_most=INPUTS, seed=settings.seed)
    if not calls:
        return findings
    own = await answers.of(row.code, calls, row.entry_point)
    if row.reference:
        reference = await answers.of(row.reference, calls, row.entry_point)
    else:
        distinct = list(dict.fromkeys(others))
        reference = majority(await asyncio.gather(*(answers.of(code, calls, row.entry_point) for code in distinct)))
    compared, differing = compare(own, reference)
    shown = [f"{calls[n].source()}: {own[n] or 'no answer'}, reference {reference[n]}" for n in differing[:5]]
    return replace(
        findings,
        inputs=len(compared),
        differs=round(len(differing) / len(compared), 4) if compared else None,
        differences=tuple(text[:1000] for text in shown),
    )


class _Answers:
    """What a program answers to a list of calls, asked once: solutions of one problem are compared with each other."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._asked: dict[str, asyncio.Task[list[str | None]]] = {}

    async def of(self, code: str, calls: Sequence[Call], entry_point: str | None) -> list[str | None]:
        key = hashlib.sha256(json.dumps([code, [call.source() for call in calls]]).encode()).hexdigest()
        if key not in self._asked:
            self._asked[key] = asyncio.create_task(self._ask(code, calls, entry_point))
        return await asyncio.shield(self._asked[key])

    async def _ask(self, code: str, calls: Sequence[Call], entry_point: str | None) -> list[str | None]:
        mark = secrets.token_hex(16)
        limits = replace(self._box.limits, output_bytes=4 << 20)
        program = Program(code, script_for(calls, mark), entry_point=entry_point, lint=False)
        return answers_in(await self._box.run(program, limits=limits), mark, len(calls))


def outcome(report: Report) -> tuple[str, tuple[bool, ...]]:
    """What two runs of one program must agree on: the verdict, and which tests passed."""
    return str(report.verdict), tuple(test.passed for test in report.tests)


def _roots(row: Row) -> frozenset[str]:
    """The names through which the tests reach the solution."""
    found = nodes(row.tests)
    named = {node.id for node in found if isinstance(node, ast.Name)}
    imported = {alias.name for node in found if isinstance(node, ast.ImportFrom) for alias in node.names}
    return frozenset(named | imported | ({row.entry_point} if row.entry_point else set()))


def _key(box: Sandbox, row: Row, peers: Sequence[Row], settings: Settings) -> str:
    """Everything that can change what is found."""
    compares = row.code.strip() and row.tests.strip() and not row.reference
    others = [peer.code for peer in peers] if compares else []
    parts = [row.code, row.tests, row.entry_point, row.language, row.reference, others, asdict(settings)]
    identity = [box.identity(row.language), asdict(box.limits)] if row.language in LANGUAGES else []
    return hashlib.sha256(json.dumps([*parts, identity, INPUTS]).encode()).hexdigest()
