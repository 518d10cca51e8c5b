"""Python. A test script runs in a process of its own (`inside/watch.py`), so nothing joins it to its program; the commands
here are for programs with cases or further files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import partial

from sandbox.languages.diagnostics import bounded
from sandbox.languages.language import BOX, Dialect, Language
from sandbox.languages.scripted import undefined
from sandbox.policy import FATAL_LINT_RULES
from sandbox.report import Diagnostic


def _syntax_error(output: str) -> Iterator[Diagnostic]:
    lines = output.strip().splitlines()
    place = next((re.search(r"line (\d+)", line) for line in lines if "line " in line), None)
    if lines:
        kind, _, message = lines[-1].partition(": ")
        yield Diagnostic(int(place[1]) if place else 0, 0, kind[:100], "error", bounded(message or kind))


def _findings(known: Sequence[undefined.Place], output: str) -> Iterator[Diagnostic]:
    """One object a line; of a line that was cut, the rule. What is fatal comes first, as only so many are read. `known`: where
    an undefined name is no error.
    """
    found = []
    for line in output.splitlines():
        spared = False
        try:
            item = json.loads(line)
            rule, place, message = item["code"] or "syntax", item["location"], bounded(item["message"])
            spared = rule in FATAL_LINT_RULES and undefined.is_spared(known, *undefined.said(item))
        except ValueError:
            cut = re.search(r'"code": ?"(\w+)"', line[:1000])
            rule, place, message = cut[1] if cut else "", {"row": 0, "column": 0}, "a finding too long to be read"
        severity = "error" if rule in FATAL_LINT_RULES and not spared else "warning"
        found.append(Diagnostic(place["row"], place["column"], rule, severity, message))
    yield from sorted(found, key=lambda item: item.severity)


_RUFF = (
    *("/usr/local/bin/ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--select", "F,E9"),
    *("--output-format", "json-lines", "--ignore-noqa"),
)
LINT_STDIN = (*_RUFF, "--stdin-filename", "solution.py", "-")
"""The linter where the source is handed to it: a program with a test script beside it has no files."""

LANGUAGE = Language(
    "python",
    (".py",),
    solution="solution.py",
    main="main.py",
    parse=("/usr/bin/python3", "-I", "-c", "compile(open('solution.py','rb').read(), 'solution.py', 'exec')"),
    lint=(*_RUFF, "solution.py"),
    run=("/usr/bin/python3", "-s", "-B", f"{BOX}/main.py"),
    version=("/usr/bin/python3", "--version"),
    readers={"parse": _syntax_error, "lint": partial(_findings, ())},
    lint_of=lambda source: partial(_findings, undefined.places(source)),
    pip=("numpy>=2,<3", "pandas>=2,<3", "pytest>=8,<10"),
    aliases=("python3", "py"),
    dialect=Dialect(
        "python",
        "Python",
        solution="def count_even(numbers):\n"
        "    # A number is even when dividing it by two leaves nothing.\n"
        "    return sum(1 for number in numbers if number % 2 == 0)\n",
        tests="assert count_even([1, 2, 4]) == 2\n"
        "assert count_even([]) == 0\n"
        "assert count_even([7]) == 0\n"
        "assert count_even([0, -2]) == 2\n",
        test_start="assert ",
        functions=r"^(?:async[ \t]+)?def[ \t]+(\w{1,64})[ \t]*\(",
    ),
)
