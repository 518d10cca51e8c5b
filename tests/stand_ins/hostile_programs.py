"""The hostile programs under tests/hostile, read from their files.

A file begins with comments, `key: value` each, and goes on with the program; what follows the line `--- tests ---` (in a
comment) is the test script. Keys:

    attack    what it tries, in words (`shows` in the examples under tests/languages)
    verdict   the verdict it must get; several only where the kernel decides which comes first
    proof     the most that it may be proved by, where it is accepted
    limits    of `Limits`, such as `cpu_s=0.5`, in place of those of the suite
    cases     JSON list of [stdin, stdout] pairs, in place of a test script
    stdin     JSON string
    entry     the entry point
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from sandbox import Case, Limits, Program, Proof, Verdict
from sandbox.languages.table import LANGUAGES

FOLDER = Path(__file__).parents[1] / "hostile"
TIGHT = Limits(cpu_s=1.0, wall_s=2.5, memory_bytes=96 * 1024 * 1024, pids=24)
UNHURRIED_S = 30.0
"""Least wall time of what is not about it: a busy machine may take seconds to read numpy from its disk."""
STARTS_SLOWLY = {"javascript": replace(TIGHT, cpu_s=3.0, wall_s=7.5)}
"""Node alone takes 0.4 s of a slow machine's CPU, so that a second is no wide limit for what is not about time."""
_HEADER = re.compile(r"(?:#|//|--)\s*(attack|shows|verdict|proof|limits|cases|stdin|entry): (.*)")
_MARK = re.compile(r"^(?:#|//|--) --- tests ---\n", re.MULTILINE)
_BEFORE_HEADER = ("<?php", "#!")


@dataclass(frozen=True)
class Hostile:
    """One hostile program. `language` is empty where the sandbox has none for the file's suffix."""

    name: str
    attack: str
    verdicts: frozenset[Verdict]
    language: str
    program: Program
    limits: Limits
    proof: Proof = Proof.isolated
    """The most that an acceptance may be proved by."""


def hostile_programs(folder: Path = FOLDER) -> list[Hostile]:
    """Those of a folder, in the order of their names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    return [_read(path, folder) for path in files]


def _read(path: Path, folder: Path) -> Hostile:
    name = str(path.relative_to(folder))
    # "surrogatepass": one of them holds a lone surrogate, which a model's JSON may as well.
    text = path.read_bytes().decode("utf-8", "surrogatepass")
    code, *tests = _MARK.split(text, maxsplit=1)
    keys: dict[str, str] = {}
    for line in text.split("\n"):
        match = _HEADER.fullmatch(line)
        if match:
            keys[match[1]] = match[2]
        elif not line.startswith(_BEFORE_HEADER):
            break
    try:
        verdicts = frozenset(Verdict(word) for word in keys["verdict"].split())
        language = next((row.name for row in LANGUAGES.values() if path.suffix in row.suffixes), "")
        program = Program(
            code,
            tests[0] if tests else "",
            entry_point=keys.get("entry"),
            language=language or "python",
            stdin=json.loads(keys.get("stdin", '""')),
            cases=tuple(Case(stdin, stdout) for stdin, stdout in json.loads(keys.get("cases", "[]"))),
        )
        return Hostile(
            name,
            keys.get("attack") or keys["shows"],
            verdicts,
            language,
            program,
            _unhurried(_limits(keys.get("limits", ""), STARTS_SLOWLY.get(language, TIGHT)), verdicts),
            Proof(keys.get("proof", Proof.isolated)),
        )
    except (KeyError, ValueError) as error:
        raise ValueError(f"{folder.name}/{name}: {type(error).__name__}: {error}") from None


def _unhurried(limits: Limits, verdicts: frozenset[Verdict]) -> Limits:
    return limits if Verdict.wall_limit in verdicts else replace(limits, wall_s=max(limits.wall_s, UNHURRIED_S))


def _limits(text: str, usual: Limits) -> Limits:
    given = dict(part.split("=", 1) for part in text.split())
    return replace(usual, **{key: float(value) if key.endswith("_s") else int(value) for key, value in given.items()})
