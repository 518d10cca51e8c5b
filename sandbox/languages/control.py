"""The control of tests that share a process with their program: the same tests, made to expect something else.

A program that passes by any trick (an object equal to everything, a harness told that all is well, a token found in
memory, expected values read from the tests) passes these too, since it cannot tell them from the real ones. A program
that passes because it is right does not.
"""

from __future__ import annotations

import re

_LITERAL = re.compile(
    r'"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])*'"
    r"|(?<![\w.#$\"'])\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.])"
    r"|\b(?:true|false|True|False)\b"
)
_LEFT_ALONE = re.compile(
    r"^\s*(?:#|//|--(?! =>)|import\b|use\b|using\b|package\b|require\b|from\b)|\brequire\(|\bthrow\b|\braise\b|\bdie\b|\bpanic\b"
    r"|^\s*(?:for|while)\b"
)
_EXPECTS = re.compile(
    r"assert|expect|\bcompare|equal|==|\bwant|\bis\w*\s*\(|\bok\s*\(|-- =>|^\s*\[|^\s*test\b|^\s*SELECT\b"
    r"|^\s*(?:[\w<>\[\], :*&]+\s+)?\$?v\d*\s*=",
    re.IGNORECASE,
)
"""Lines that say what is expected, rather than what is handed in (`v0` is MBXP's word for it)."""
_OTHER = {"true": "false", "false": "true", "True": "False", "False": "True"}
TOLERANCE = 0.01
"""Smaller numbers are taken for tolerances and stay."""


def controls(tests: str) -> list[str]:
    """Versions of a test script in which other values are expected: the last literal of each line that says what is
    expected changed, every literal of these lines, and the last literal of every line. Empty where there is nothing to
    change. A program that passes them all is not proved.
    """
    lines = tests.split("\n")
    expecting = [_EXPECTS.search(line) is not None for line in lines]
    versions = (
        [_changed(line, False) if expects else line for line, expects in zip(lines, expecting, strict=True)],
        [_changed(line, True) if expects else line for line, expects in zip(lines, expecting, strict=True)],
        [_changed(line, False) for line in lines],
    )
    texts = dict.fromkeys("\n".join(version) for version in versions)
    return [text for text in texts if text != tests]


def _changed(line: str, all_of_them: bool) -> str:
    if _LEFT_ALONE.search(line):
        return line
    found = [match for match in _LITERAL.finditer(line) if _other(match[0], all_of_them) != match[0]]
    for match in reversed(found if all_of_them else found[-1:]):
        line = line[: match.start()] + _other(match[0], all_of_them) + line[match.end() :]
    return line


def _other(literal: str, far: bool) -> str:
    """Another value of the same type."""
    if literal in _OTHER:
        return _OTHER[literal]
    if literal[0] in "\"'":
        if len(literal) == 3:  # a character in the languages that have them
            return literal[0] + ("b" if literal[1] == "a" else "a") + literal[2]
        return literal[:-1] + ("zq" if far else "z") + literal[-1] if len(literal) > 3 or literal[0] == '"' else literal
    number = float(literal)
    if 0 < number <= TOLERANCE:
        return literal
    if literal.isdigit():
        return str(int(literal) + (17 if far else 1))
    return repr(number + (17 if far else 1))
