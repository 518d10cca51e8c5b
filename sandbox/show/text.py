"""A report for a person at a terminal: plain text, 80 columns where the program's own lines allow."""

from __future__ import annotations

import textwrap

from sandbox.report import Limits, Program, Proof, Report, TestResult
from sandbox.show.source import excerpt, failing_lines
from sandbox.visible import visible

CONTEXT_LINES = 2
TAIL_LINES = 12
FAILED = 10
DIAGNOSTICS = 12
WIDTH = 80
PROVED = {
    Proof.isolated: "the program ran apart from what judged it",
    Proof.control: "tests in its process, which failed made to expect other values",
    Proof.plain: "tests in its process, not each of them in a control",
}
"""What each proof means, in one line."""


def render(report: Report, program: Program, limits: Limits, command: str = "") -> str:
    """Verdict, stages with what they found (the line of the source marked), tests, output, usage, `command` to repeat."""
    parts = textwrap.wrap(f"{report.verdict}  {report.detail}", WIDTH, subsequent_indent="    ") or [""]
    for stage in report.stages:
        parts.append(f"{'ok ' if stage.ok else 'NO '} {stage.name:<8}{stage.seconds * 1000:8.1f} ms")
        for item in stage.diagnostics[:DIAGNOSTICS]:
            place = f"{item.file}:{item.line}" if item.file else f"{item.line}:{item.column}"
            parts.append(f"      {item.severity} {place} {item.message} [{item.rule}]")
        if len(stage.diagnostics) > DIAGNOSTICS:
            parts.append(f"      and {len(stage.diagnostics) - DIAGNOSTICS} more")
    if marked := failing_lines(report):
        parts.append(excerpt(program.code, marked[0], CONTEXT_LINES))
    parts += _tests(report)
    if report.tests:
        parts.append(f"proof  {report.proof}: {PROVED[report.proof]}")
    for name, text in (("stdout", report.stdout), ("stderr", report.stderr)):
        lines = text.splitlines()
        if lines:
            left = f" (last {TAIL_LINES} of {len(lines)} lines)" if len(lines) > TAIL_LINES else ""
            parts.append(f"{name}{left}:\n" + "\n".join(f"    {line}" for line in lines[-TAIL_LINES:]))
    ending = f"exit {report.exit_code}" if report.exit_code is not None else ""
    ending = f"signal {report.signal}" if report.signal is not None else ending
    used = report.usage
    parts.append(
        f"usage  {used.cpu_s:.2f} of {limits.cpu_s:g} s CPU, {used.wall_s:.2f} of {limits.wall_s:g} s wall, "
        f"{used.memory_bytes >> 20} of {limits.memory_bytes >> 20} MiB  {ending}".rstrip()
    )
    if command:
        parts.append(f"again  {command}")
    return visible("\n".join(parts))


def expectation(message: str) -> tuple[str, str] | None:
    """(expected, got) where a test's message says both; None where it cannot be told where the one ends."""
    rest = message.removeprefix("expected ")
    if rest == message or rest.count(", got ") != 1:
        return None
    expected, _, got = rest.partition(", got ")
    return expected, got


def _tests(report: Report) -> list[str]:
    passed = sum(test.passed for test in report.tests)
    failed = [test for test in report.tests if not test.passed]
    parts = [f"tests  {passed} of {len(report.tests)} passed"] if report.tests else []
    parts += [line for test in failed[:FAILED] for line in _failure(test)]
    return parts + ([f"  and {len(failed) - FAILED} more failed"] if len(failed) > FAILED else [])


def _failure(test: TestResult) -> list[str]:
    lines = [f"  FAIL  {(test.source.strip() or f'line {test.line}').splitlines()[0]}"]
    if (found := expectation(test.message)) and len(test.message) > WIDTH - 8:
        return [*lines, f"        expected  {found[0]}", f"        got       {found[1]}"]
    return [*lines, *(f"        {line}" for line in test.message.splitlines()[:6])]
