"""What an adapter makes, and how it finds the assertions of a test script."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CLOSING = {")": "(", "]": "[", "}": "{"}
QUOTES = "\"'`"
STRING = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\\n])*`")
"""A text in quotes of any kind, on one line."""
LONGEST_LINE = 2000
"""Characters of a line of tests that is read for what it expects, which takes their square in time, or more."""
SKIPPED = " (skipped)"
"""How the source of a test ends that is not to be run."""


@dataclass(frozen=True)
class Script:
    """A test program: the main file, the files beside it, and line and source of each test by index."""

    main: str
    files: dict[str, str] = field(default_factory=dict)
    units: tuple[tuple[int, str], ...] = ()
    solution_lines: int = 0
    """Where the tests follow the solution in one file: how many lines are above them. 0: they do not."""
    wants: tuple[tuple[list[Any], frozenset[str]], ...] = ()
    """Where the tests are calls whose results are compared on the host: what each is to give, and how it is compared
    (`apart.compare.Want`). Nothing of it is in `main` or `files`."""
    runs: tuple[tuple[str, ...], ...] = ()
    """The commands that run it, one after the other, where it is no program of a harness (`scripted/plainly.py`): each must
    end with status 0. There is no `main` then."""
    unfit: str = ""
    """Why nothing here can run these tests, whatever the program is."""


def words_of(literal: str) -> str:
    """A text without its quotes, another literal as it is."""
    return literal[1:-1] if literal[0] in QUOTES else literal


def rewrite(
    tests: str, assertion: re.Pattern[str], wrap: Callable[[int, str], str], comments: tuple[str, ...] = ()
) -> tuple[str, list[tuple[int, str]]]:
    """Replace each one-line assertion by `wrap(index, line)`; the line count stays the same.

    An assertion is a line that `assertion` matches and whose brackets balance, without the comment behind it, which one of
    `comments` begins and which would swallow what `wrap` writes behind the line. Returns the new text and the units.
    """
    units: list[tuple[int, str]] = []
    lines = tests.split("\n")
    for number, line in enumerate(lines):
        code = _without_comment(line, comments).rstrip()
        if assertion.match(code) and balanced(code):
            lines[number] = wrap(len(units), code)
            units.append((number + 1, line.strip()))
    return "\n".join(lines), units


def _without_comment(line: str, marks: tuple[str, ...]) -> str:
    """The line up to the first of the marks that is in no quotes and no brackets."""
    depth, quote, escaped = 0, "", False
    for at, character in enumerate(line):
        if escaped or character == "\\":
            escaped = not escaped
        elif quote:
            quote = "" if character == quote else quote
        elif character in QUOTES:
            quote = character
        elif depth == 0 and marks and line.startswith(marks, at):
            return line[:at]
        else:
            depth += (character in "([{") - (character in CLOSING)
    return line


def balanced(line: str) -> bool:
    """Whether every bracket and quote that opens on the line closes on it."""
    open_brackets: list[str] = []
    quote = ""
    escaped = False
    for character in line:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in QUOTES:
            quote = character
        elif character in "([{":
            open_brackets.append(character)
        elif character in CLOSING and (not open_brackets or open_brackets.pop() != CLOSING[character]):
            return False
    return not open_brackets and not quote
