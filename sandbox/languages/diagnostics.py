"""What parsers, linters and compilers say, in one form: file, line, column, rule, severity, message.

A reader takes the output of one tool; it stands in the file of the language whose tool it is. Tools are hostile's
mouthpiece (a source may hold anything), so readers bound what they take and never fail: what they cannot read becomes
one diagnostic that says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sandbox.report import Diagnostic

AT_MOST = 100
MESSAGE_CHARACTERS = 500
ALONE = "alone"
"""The rule of what is said of a program without its tests and what runs them."""
Reader = Callable[[str], Iterator[Diagnostic]]


def read(reader: Reader, output: str, stage: str) -> tuple[Diagnostic, ...]:
    """The diagnostics in a tool's output (stdout and stderr together), at most AT_MOST of them."""
    found: list[Diagnostic] = []
    try:
        for diagnostic in reader(output):
            found.append(diagnostic)
            if len(found) == AT_MOST:
                break
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found.append(Diagnostic(0, 0, stage, "warning", "the tool gave no readable answer"))
    return tuple(found)


def lines(rule: str, *patterns: str) -> Reader:
    """A reader of a tool that says one thing a line. Patterns name groups line, column, severity, rule, message."""
    compiled = [re.compile(pattern) for pattern in patterns]

    def reader(output: str) -> Iterator[Diagnostic]:
        for line in output.splitlines():
            match = next((found for pattern in compiled if (found := pattern.match(line[:2000]))), None)
            if match is None:
                continue
            said = {"severity": "error", "rule": "", "column": "0", **match.groupdict()}
            severity = "warning" if "warn" in (said["severity"] or "").lower() else "error"
            place = line_number(said["line"]), line_number(said["column"])
            yield Diagnostic(*place, said["rule"] or rule, severity, bounded(said["message"]))

    return reader


def bounded(message: object) -> str:
    """A message no longer than a diagnostic may hold."""
    return str(message)[:MESSAGE_CHARACTERS]


def line_number(digits: str | None) -> int:
    """The number a tool wrote; 0 where it wrote none, or none that a line could have."""
    return int(digits) if digits and len(digits) < 10 else 0
