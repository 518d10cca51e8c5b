"""Everyday tests of each language's frameworks, with a right and a wrong program each: what `frameworks/LANGUAGE.txt`
holds, and what the real framework says of them (`frameworks/truth.json`).

In a file, `%% program NAME` begins a program, `%% wrong OLD ==> NEW` says what makes it wrong for the tests that follow,
and `%% test NAME FRAMEWORK` begins a test script.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("frameworks")


@dataclass(frozen=True)
class Everyday:
    """One test script and the two programs that it is run with."""

    language: str
    name: str
    framework: str
    right: str
    wrong: str
    tests: str


def everyday(language: str) -> list[Everyday]:
    """A language's tests, in their order. Raises ValueError for a file that says less or more than it must."""
    parts = f"\n{(FOLDER / f'{language}.txt').read_text(encoding='utf-8')}".split("\n%% ")[1:]
    made: list[Everyday] = []
    program, change = "", ("", "")
    for part in parts:
        head, _, body = part.partition("\n")
        kind, _, rest = head.partition(" ")
        if kind == "program":
            program = body.rstrip() + "\n"
        elif kind == "wrong":
            old, _, new = rest.partition(" ==>")
            change = (old, new.removeprefix(" "))
            if not old or old not in program or old == change[1]:
                raise ValueError(f"{language}: {head}: the program holds no such text")
        elif kind == "test":
            name, framework = rest.split()
            made.append(Everyday(language, name, framework, program, program.replace(*change), body.rstrip() + "\n"))
        else:
            raise ValueError(f"{language}: {head}")
    return made


def languages() -> list[str]:
    """Those that have a file."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def truth() -> dict[str, dict[str, dict[str, object]]]:
    """By language and test: whether the right and the wrong program pass, and which framework said so."""
    return dict(json.loads((FOLDER / "truth.json").read_text(encoding="utf-8")))
