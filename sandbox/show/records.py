"""Runs as they are stored: JSONL of {"program", "report"} lines, or such lines of whoever recorded them.

A line may also hold "id" (a name), "limits", "again" (reports of the same program run again) and "audit" (what an audit
found). What `lab sandbox run --json` prints is taken too: a report without its program.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from sandbox.report import Case, Limits, Program, Report, SandboxError, Verdict

KEPT = 8_000
"""Characters kept of each stream: reports of many programs are held in memory at once."""
LONGEST_LINE = 64 << 20
"""Characters of one line; no more of a longer one is held."""


@dataclass(frozen=True)
class Run:
    """One program with the report on it."""

    id: str
    program: Program
    report: Report
    limits: Limits = field(default_factory=Limits)
    again: tuple[Report, ...] = ()
    """The same program, run again."""
    audit: dict[str, Any] = field(default_factory=dict)
    command: str = ""
    """What it was run by; empty where its files lie nowhere."""

    @property
    def outcomes(self) -> dict[str, int]:
        """How often it ended how, over all its runs: more than one entry is a flaky program."""
        counts: dict[str, int] = {}
        for report in (self.report, *self.again):
            if report.verdict is not Verdict.sandbox_fault:
                passed = sum(test.passed for test in report.tests)
                how = (
                    f"{report.verdict}, {passed} of {len(report.tests)} tests" if report.tests else str(report.verdict)
                )
                counts[how] = counts.get(how, 0) + 1
        return counts

    def to_dict(self) -> dict[str, Any]:
        """As one line of a stored file, with the command that repeats it; None for a report alone, which holds no program."""
        return {
            "id": self.id,
            "program": asdict(self.program),
            "limits": asdict(self.limits),
            "report": self.report.to_dict(),
            "again": [report.to_dict() for report in self.again],
            "audit": self.audit,
            "reproduce": reproduce(self.program, self.limits) if self.program.code else None,
        }


def reproduce(program: Program, limits: Limits) -> str:
    """The command that runs the program again, once it is saved."""
    from sandbox.inputs import UNITS
    from sandbox.languages.table import LANGUAGES

    suffix = LANGUAGES[program.language].suffixes[0] if program.language in LANGUAGES else ".txt"
    words = ["lab", "sandbox", "run", f"solution{suffix}"]
    usual = Limits()
    words += ["--tests", f"tests{suffix}"] if program.tests.strip() else []
    is_python = program.language == "python"
    checked = is_python and program.entry_point and "check" in program.tests
    words += ["--entry-point", str(program.entry_point)] if checked else []
    linted = program.language in LANGUAGES and LANGUAGES[program.language].lint
    words += ["--no-lint"] if linted and not program.lint else []
    words += ["--language", program.language] if not is_python else []
    words += ["--stdin", "stdin.txt"] if program.stdin else []
    words += ["--cases", "cases.jsonl"] if program.cases else []
    given = [
        f"{name}={getattr(limits, field) / unit:g}"
        for name, (field, unit) in UNITS.items()
        if getattr(limits, field) != getattr(usual, field)
    ]
    words += ["--limits", ",".join(given)] if given else []
    return shlex.join(words)


def read_runs(path: Path) -> list[Run]:
    """The runs of a JSONL file; a program that was run several times is one. Raises SandboxError."""
    return runs_of(_file_lines(path), path)


def runs_of(stored: Iterable[tuple[str, dict[str, Any]]], path: Path) -> list[Run]:
    """The runs of (place, line) pairs that were stored at `path`. Raises SandboxError."""
    found: dict[tuple[Program, Limits], Run] = {}
    for where, line in stored:
        run = _run(line, where)
        key = (run.program, run.limits)
        if run.program.code and key in found:
            first = found[key]
            found[key] = replace(first, again=(*first.again, run.report, *run.again))
        else:
            found[key if run.program.code else (replace(run.program, code=where), run.limits)] = run
    if not found:
        raise SandboxError(f"{path}: no program was run here")
    return list(found.values())


def _file_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        file = path.open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise SandboxError(f"{path}: cannot be read: {error.strerror}") from None
    with file:
        for number, text in enumerate(iter(lambda: file.readline(LONGEST_LINE + 1), ""), 1):
            if len(text) > LONGEST_LINE:
                raise SandboxError(f"{path}:{number}: longer than {LONGEST_LINE >> 20} Mi characters, which no run is")
            if not text.strip():
                continue
            try:
                line = json.loads(text)
            except (ValueError, RecursionError) as error:
                if not text.endswith("\n") and number > 1:  # it is still being written
                    return
                raise SandboxError(f"{path}:{number}: not JSON: {error}") from None
            if not isinstance(line, dict):
                raise SandboxError(f'{path}:{number}: needs an object with "program" and "report"')
            if line.get("report") is not None or "verdict" in line:
                yield f"{path}:{number}", line


def _run(line: dict[str, Any], where: str) -> Run:
    """Raises SandboxError where a line is no run."""
    try:
        report = line if "verdict" in line else line["report"]
        return Run(
            str(line.get("id") or where.rpartition("/")[2]),
            _program(line.get("program") or {}),
            _report(report),
            _known(Limits, line.get("limits") or {}),
            tuple(_report(again) for again in line.get("again") or ()),
            _audit(line.get("audit") or {}),
        )
    except (SandboxError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise SandboxError(f"{where}: {error}") from None


def _report(data: dict[str, Any]) -> Report:
    report = Report.from_dict(data)
    return replace(report, stdout=report.stdout[-KEPT:], stderr=report.stderr[-KEPT:])


def _program(data: dict[str, Any]) -> Program:
    cases = tuple(_known(Case, case) for case in data.get("cases") or ())
    files = tuple((str(name), str(content)) for name, content in data.get("files") or ())
    return _known(Program, {"code": "", **data, "cases": cases, "files": files})


def _audit(data: dict[str, Any]) -> dict[str, Any]:
    """The columns a report shows, in the types it shows them in."""
    killed = data.get("audit_mutants_killed")
    return {
        "audit_mutants": int(data.get("audit_mutants") or 0),
        "audit_mutants_killed": None if killed is None else float(killed),
        "audit_calls": data.get("audit_calls"),
        **{name: [str(text) for text in data.get(name) or ()] for name in ("audit_survivors", "audit_differences")},
    }


def _known(kind: Any, data: dict[str, Any]) -> Any:
    """The fields this version knows; a record of another version may hold others."""
    names = {item.name for item in fields(kind)}
    return kind(**{name: value for name, value in data.items() if name in names})
