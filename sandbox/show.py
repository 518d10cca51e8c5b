"""A report for a person at a terminal: plain text, 80 columns where the program's own lines allow."""

from __future__ import annotations

from sandbox.report import Limits, Program, Report, TestResult, printable

CONTEXT_LINES = 2
TAIL_LINES = 12


def render(report: Report, program: Program, limits: Limits) -> str:
    """Verdict, stages with what they found (the line of the source marked), tests, output, usage."""
    parts = [f"{report.verdict}  {report.detail}"]
    for stage in report.stages:
        parts.append(f"{'ok ' if stage.ok else 'NO '} {stage.name:<5} {stage.seconds * 1000:8.1f} ms")
        for item in stage.diagnostics:
            parts.append(f"      {item.severity} {item.line}:{item.column} {item.message} [{item.rule}]")
    marked = [item.line for stage in report.stages for item in stage.diagnostics if item.severity == "error"]
    if marked:
        parts.append(_excerpt(program.code, marked[0]))
    parts += [_test(test) for test in report.tests]
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
    return printable("\n".join(parts))


def _excerpt(source: str, line: int) -> str:
    lines = source.splitlines()
    first = max(1, line - CONTEXT_LINES)
    shown = lines[first - 1 : line + CONTEXT_LINES]
    return "\n".join(f"  {'>' if n == line else ' '} {n:4} | {text}" for n, text in enumerate(shown, first))


def _test(test: TestResult) -> str:
    head = (
        f"  {'pass' if test.passed else 'FAIL'}  {test.source.strip().splitlines()[0] if test.source.strip() else ''}"
    )
    return head if test.passed else f"{head}\n        {test.message}"
