"""SQL (SQLite): a test script sets up tables, then asserts with SELECT.

What stands above a line `-- program` is run before the program. Every SELECT below is a test: it passes where its rows
are those of the `-- => a|b` lines that follow it, or, without such lines, where it gives a row and no false value in it.
The rows of the program's last SELECT are the table `result`.
"""

from __future__ import annotations

import json

from sandbox.languages.script import Script
from sandbox.languages.sql_runner import asks, split


def assemble(code: str, tests: str) -> Script:
    """The program as it is; the tests in a file of their own for `sql_runner`."""
    if not tests.strip():
        return Script(code)
    units = [(found.line, " ".join(found.text.split())) for found in split(tests) if asks(found.text)]
    return Script(code, {"tests.json": json.dumps(tests)}, units=(*units, (1, "the test script")))
