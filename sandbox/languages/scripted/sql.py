"""SQL (SQLite): a test script sets up tables, then asserts with SELECT.

What stands above a line `-- program` is run before the program. Every SELECT below is a test: it passes where its rows
are those of the `-- => a|b` lines that follow it, or, without such lines, where it gives a row and no false value in it.
The rows of the program's last SELECT are the table `result`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from sandbox.languages.diagnostics import bounded, line_number
from sandbox.languages.language import BOX, Language
from sandbox.languages.script import Script
from sandbox.languages.scripted.sql_runner import asks, split
from sandbox.report import Diagnostic


def assemble(code: str, tests: str) -> Script:
    """The program as it is; the tests in a file of their own for `sql_runner`."""
    if not tests.strip():
        return Script(code)
    units = [(found.line, " ".join(found.text.split())) for found in split(tests) if asks(found.text)]
    return Script(code, {"tests.json": json.dumps(tests)}, units=(*units, (1, "the test script")))


def _sql(output: str) -> Iterator[Diagnostic]:
    for line in output.splitlines():
        row, _, message = line.partition(": ")
        if row.isdigit():
            yield Diagnostic(line_number(row), 0, "sqlite", "error", bounded(message))


LANGUAGE = Language(
    "sql",
    (".sql",),
    solution="solution.sql",
    main="main.sql",
    parse=("/usr/bin/python3", "-I", "-B", "sql_runner.py", "parse", "solution.sql"),
    run=("/usr/bin/python3", "-I", "-B", f"{BOX}/sql_runner.py", "run", f"{BOX}/main.sql"),
    files=(Path(__file__).with_name("sql_runner.py"),),
    version=("/usr/bin/python3", "-c", "import sqlite3; print('SQLite', sqlite3.sqlite_version)"),
    readers={"parse": _sql},
    aliases=("sqlite", "sqlite3"),
    assemble=assemble,
)
