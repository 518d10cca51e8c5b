"""Runs an SQL script, and its tests where there are any. Runs in the container, beside the script; imports no other
module of Lab's.

    sql_runner.py parse|run FILE
"""

import json
import os
import re
import sqlite3
import sys
from pathlib import Path
from typing import NamedTuple

SYNTAX = ("syntax error", "incomplete input", "unrecognized token")
ANSWER = "-- =>"
PROGRAM = re.compile(r"^--\s*program\s*$", re.MULTILINE)


class Statement(NamedTuple):
    """One statement: its text, the line it begins on, and the rows expected of it (`-- =>` lines), if said."""

    text: str
    line: int
    expected: tuple[str, ...]


def split(script: str) -> list[Statement]:
    """The statements of a script."""
    found: list[Statement] = []
    text, line = "", 1
    for piece in re.findall(r"[^;]*;|[^;]+", script):
        text += piece
        if not (text.endswith(";") and sqlite3.complete_statement(text)):
            continue
        line = _add(found, text, line)
        text = ""
    _add(found, text, line)
    return found


def _add(found: list[Statement], text: str, line: int) -> int:
    """Take one statement, with the answers to the one before that stand above it; the line after it."""
    after = line + text.count("\n")
    rows = text.split("\n")
    while rows and (not rows[0].strip() or rows[0].lstrip().startswith("--")):
        row = rows.pop(0).strip()
        if row.startswith(ANSWER) and found:
            found[-1] = found[-1]._replace(expected=(*found[-1].expected, row[len(ANSWER) :].strip()))
        line += 1
    if rows:
        found.append(Statement("\n".join(rows), line, ()))
    return after


def asks(text: str) -> bool:
    """Whether a statement gives rows."""
    return re.match(r"(?:select|with|values)\b", text.lstrip(), re.IGNORECASE) is not None


def shown(row: tuple[object, ...]) -> str:
    """A row as sqlite3's own shell prints it."""
    return "|".join("" if value is None else str(value) for value in row)


def main(arguments: list[str]) -> None:
    """Parse or run the script named by the arguments; the exit status says how it went."""
    script = Path(arguments[1]).read_text(encoding="utf-8", errors="replace")
    if arguments[0] == "parse":
        sys.exit(_parse(script))
    beside = Path(arguments[1]).with_name("tests.json")
    if beside.exists():
        _test(script, json.loads(beside.read_text()))
        return
    database = sqlite3.connect(":memory:", isolation_level=None)
    _execute(database, sys.stdin.read(), show=False)
    _execute(database, script, show=True)


def _parse(script: str) -> int:
    database = sqlite3.connect(":memory:", isolation_level=None)
    for statement in split(script):
        try:
            database.execute("EXPLAIN " + statement.text).close()
        except sqlite3.Error as error:
            if any(words in str(error) for words in SYNTAX):
                print(f"{statement.line}: {error}")
                return 1
    return 0


def _execute(database: sqlite3.Connection, script: str, show: bool) -> tuple[list[str], list[tuple[object, ...]]]:
    """Run every statement, printing rows where asked; names and rows of the last SELECT."""
    names: list[str] = []
    rows: list[tuple[object, ...]] = []
    for statement in split(script):
        try:
            cursor = database.execute(statement.text)
            if not cursor.description:
                continue
            names, rows = [column[0] for column in cursor.description], []
            for row in cursor:
                print(shown(row)) if show else rows.append(row)
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise SystemExit(f"line {statement.line}: {error}") from None
    return names, rows


def _test(script: str, tests: str) -> None:
    with os.fdopen(4, "rb") as wire:
        token = wire.read(32).decode()
        os.write(3, f'{token} begin 0 ""\n'.encode())
        wire.read()

    def say(kind: str, index: int, text: str = "") -> None:
        os.write(3, f"{token} {kind} {index} {json.dumps(text[:1000])}\n".encode())

    marker = PROGRAM.search(tests)
    before = tests[: marker.end()] if marker else ""
    first = before.count("\n")
    after = [s for s in split(tests) if s.line > first] if marker else split(tests)
    script_unit = sum(asks(s.text) for s in split(tests))
    index = sum(asks(s.text) for s in split(before))
    database = sqlite3.connect(":memory:", isolation_level=None)
    failed = False
    try:
        _execute(database, before, show=False)
        names, rows = _execute(database, script, show=False)
        _keep(database, names, rows)
    except SystemExit as error:
        say("error", script_unit, str(error))
        failed, after = True, []
    for statement in after:
        try:
            got = database.execute(statement.text).fetchall()
        except (sqlite3.Error, sqlite3.Warning) as error:
            say("fail", index if asks(statement.text) else script_unit, str(error))
            failed = True
            index += asks(statement.text)
            continue
        if not asks(statement.text):
            continue
        found = tuple(shown(row) for row in got)
        if statement.expected:
            holds, wanted = found == statement.expected, "; ".join(statement.expected)
        else:
            holds, wanted = bool(got) and all(got[0]), "a row of true values"
        failed = failed or not holds
        say("ok" if holds else "fail", index, "" if holds else f"expected {wanted}, got {'; '.join(found) or 'no row'}")
        index += 1
    if not failed:
        say("ok", script_unit)
    say("end", 0)


def _keep(database: sqlite3.Connection, names: list[str], rows: list[tuple[object, ...]]) -> None:
    """The rows of the program's last SELECT as the table `result`."""
    if not names:
        return
    columns = ", ".join('"' + name.replace('"', '""') + '"' for name in names)
    marks = ", ".join("?" for _ in names)
    try:
        database.execute(f"CREATE TEMP TABLE result ({columns})")
        database.executemany(f"INSERT INTO temp.result VALUES ({marks})", rows)
    except sqlite3.Error as error:
        raise SystemExit(f"the rows of its last SELECT are no table: {error}") from None


if __name__ == "__main__":
    main(sys.argv[1:])
