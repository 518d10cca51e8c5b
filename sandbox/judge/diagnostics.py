"""What parsers, linters and compilers say, in one form: file, line, column, rule, severity, message.

A reader takes the output of one tool. Tools are hostile's mouthpiece (a source may hold anything), so readers bound
what they take and never fail: what they cannot read becomes one diagnostic that says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from sandbox.report import Diagnostic

AT_MOST = 100
MESSAGE_CHARACTERS = 500
Reader = Callable[[str], Iterator[Diagnostic]]

FATAL_RULES = frozenset({"F821", "F822", "F823"})
"""ruff's undefined names: the program cannot work as written. Every other finding is a warning."""


def read(reader: str, output: str) -> tuple[Diagnostic, ...]:
    """The diagnostics in a tool's output (stdout and stderr together), at most AT_MOST of them."""
    found: list[Diagnostic] = []
    try:
        for diagnostic in READERS[reader](output):
            found.append(diagnostic)
            if len(found) == AT_MOST:
                break
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found.append(Diagnostic(0, 0, reader, "warning", "the tool gave no readable answer"))
    return tuple(found)


def _ruff(output: str) -> Iterator[Diagnostic]:
    for item in json.loads(output or "[]"):
        rule = item["code"] or "syntax"
        severity = "error" if rule in FATAL_RULES else "warning"
        yield Diagnostic(item["location"]["row"], item["location"]["column"], rule, severity, _text(item["message"]))


def _python(output: str) -> Iterator[Diagnostic]:
    lines = output.strip().splitlines()
    place = next((re.search(r"line (\d+)", line) for line in lines if "line " in line), None)
    if lines:
        kind, _, message = lines[-1].partition(": ")
        yield Diagnostic(int(place[1]) if place else 0, 0, kind[:100], "error", _text(message or kind))


def _gcc(output: str) -> Iterator[Diagnostic]:
    pattern = re.compile(
        r"^(solution|tests|[\w./+-]+):(\d+):(?:(\d+):)? (fatal error|error|warning): (.*?)(?: \[([^\]]+)\])?$"
    )
    for line in output.splitlines():
        if match := pattern.match(line[:4000]):
            file, row, column, severity, message, rule = match.groups()
            level = "warning" if severity == "warning" else "error"
            yield Diagnostic(_number(row), _number(column), rule or "compiler", level, _text(message), _file(file))
        elif "undefined reference to" in line or "multiple definition of" in line:
            yield Diagnostic(0, 0, "linker", "error", _text(line.rpartition(": ")[2] or line))


def _node(output: str) -> Iterator[Diagnostic]:
    lines = output.splitlines()
    place = next((match for line in lines if (match := re.match(r"^/?\S*?solution\.\w+:(\d+)", line[:400]))), None)
    said = next((line for line in lines if re.match(r"^\w*Error: ", line[:400])), None)
    if said:
        kind, _, message = said.partition(": ")
        caret = next((line.index("^") + 1 for line in lines if re.match(r"^\s*\^+\s*$", line[:400])), 0)
        yield Diagnostic(_number(place[1]) if place else 0, caret, kind[:100], "error", _text(message))


def _javac(output: str) -> Iterator[Diagnostic]:
    lines = output.splitlines()
    for number, line in enumerate(lines):
        if match := re.match(r"^[\w./-]+\.java:(\d+): (error|warning): (?:\[(\w+)\] )?(.*)$", line[:2000]):
            row, severity, rule, message = match.groups()
            caret = next((found.index("^") + 1 for found in lines[number + 1 : number + 4] if found.strip() == "^"), 0)
            yield Diagnostic(_number(row), caret, rule or "javac", severity, _text(message))


def _sql(output: str) -> Iterator[Diagnostic]:
    for line in output.splitlines():
        row, _, message = line.partition(": ")
        if row.isdigit():
            yield Diagnostic(_number(row), 0, "sqlite", "error", _text(message))


def _lines(rule: str, *patterns: str) -> Reader:
    """A reader of a tool that says one thing a line. Patterns name groups line, column, severity, rule, message."""
    compiled = [re.compile(pattern) for pattern in patterns]

    def reader(output: str) -> Iterator[Diagnostic]:
        for line in output.splitlines():
            match = next((found for pattern in compiled if (found := pattern.match(line[:2000]))), None)
            if match is None:
                continue
            said = {"severity": "error", "rule": "", "column": "0", **match.groupdict()}
            severity = "warning" if "warn" in (said["severity"] or "").lower() else "error"
            yield Diagnostic(
                _number(said["line"]), _number(said["column"]), said["rule"] or rule, severity, _text(said["message"])
            )

    return reader


def _shellcheck(output: str) -> Iterator[Diagnostic]:
    for item in json.loads(output or "[]"):  # style and doubt stop no program; what does not parse, bash itself refuses
        yield Diagnostic(item["line"], item["column"], f"SC{item['code']}", "warning", _text(item["message"]))


def _oxlint(output: str) -> Iterator[Diagnostic]:
    for item in json.loads(output or "{}").get("diagnostics", []):
        place = item["labels"][0]["span"] if item.get("labels") else {"line": 0, "column": 0}
        rule = item.get("code", "oxlint").removeprefix("eslint(").removesuffix(")")
        severity = "error" if item["severity"] == "error" else "warning"
        yield Diagnostic(place["line"], place["column"], rule, severity, _text(item["message"]))


READERS: dict[str, Reader] = {
    "oxlint": _oxlint,
    "ruff": _ruff,
    "python": _python,
    "gcc": _gcc,
    "node": _node,
    "javac": _javac,
    "sql": _sql,
    "shellcheck": _shellcheck,
    "tsc": _lines(
        "tsc",
        r"^main\.ts\((?P<line>\d+),(?P<column>\d+)\): (?P<severity>error|warning) (?P<rule>TS\d+): (?P<message>.*)",
    ),
    "go": _lines("go", r"^(?:\./)?main\.go:(?P<line>\d+):(?:(?P<column>\d+):)? (?P<message>.*)"),
    "rustc": _lines(
        "rustc",
        r"^main\.rs:(?P<line>\d+):(?P<column>\d+): (?P<severity>error|warning)(?:\[(?P<rule>\w+)\])?: (?P<message>.*)",
    ),
    "mcs": _lines(
        "mcs",
        r"^main\.cs\((?P<line>\d+),(?P<column>\d+)\): (?P<severity>error|warning) (?P<rule>CS\d+): (?P<message>.*)",
    ),
    "php": _lines(
        "php",
        r"^PHP (?P<severity>\w+ error|Warning):\s+(?P<message>.*) in \S+ on line (?P<line>\d+)",
        r"^(?P<severity>\w+ error|Warning):\s+(?P<message>.*) in \S+ on line (?P<line>\d+)",
    ),
    "ruby": _lines(
        "ruby",
        r"^solution\.rb:(?P<line>\d+): (?P<severity>warning): (?P<message>.*)",
        r"^solution\.rb:(?P<line>\d+): (?P<message>.*)",
    ),
    "perl": _lines("perl", r"^(?P<message>.*) at /box/work/solution\.pl line (?P<line>\d+)"),
    "bash": _lines("bash", r"^solution\.sh: line (?P<line>\d+): (?P<message>.*)"),
}


def _text(message: object) -> str:
    return str(message)[:MESSAGE_CHARACTERS]


def _number(digits: str | None) -> int:
    return int(digits) if digits and len(digits) < 10 else 0


def _file(name: str) -> str:
    """Empty for the program itself: that is what a diagnostic without a file is about."""
    base = name.rpartition("/")[2]
    return "" if base.startswith("solution") else base
