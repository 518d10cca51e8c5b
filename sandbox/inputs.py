"""What a person hands to the sandbox: files, cases, limits. Every complaint names what is wrong and where."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.judge.printed import COMPARED
from sandbox.report import Case, Limits, SandboxError

LARGEST = 64 << 20
"""Bytes of a file that is handed over."""
UNITS = {
    "cpu_s": ("cpu_s", 1.0),
    "wall_s": ("wall_s", 1.0),
    "memory_mb": ("memory_bytes", 2.0**20),
    "pids": ("pids", 1.0),
    "output_kb": ("output_bytes", 2.0**10),
    "disk_mb": ("disk_bytes", 2.0**20),
}

TAKEN = {
    "python": (
        (r"^([ \t]*from[ \t]+)STEM(?=[ \t]+import\b)", r"\1solution"),
        (r"^([ \t]*import[ \t]+)STEM(?=[ \t]+as\b)", r"\1solution"),
        (r"^([ \t]*import[ \t]+)STEM(?=[ \t]*(?:#.*)?$)", r"\1solution as STEM"),
    ),
    "typescript": ((r"""(\bfrom[ \t]+['"])\./STEM(?:\.[jt]s)?(?=['"])""", r"\1./solution"),),
    "ruby": ((r"""^[ \t]*require(?:_relative[ (]+['"](?:\./)?|[ (]+['"]\./)STEM(?:\.rb)?['"]\)?[ \t]*$""", ""),),
    "php": ((r"""^[ \t]*(?:require|include)(?:_once)?\b[^;'"\n]*['"](?:\./|/)?STEM\.php['"][ \t)]*;""", ""),),
    "perl": ((r"""^[ \t]*require[ (]+['"](?:\./)?STEM\.p[lm]['"]\)?[ \t]*;""", ""),),
    "bash": ((r"""^[ \t]*(?:source|\.)[ \t]+['"]?[^'"\s;]*\bSTEM\.(?:ba)?sh['"]?[ \t]*;?[ \t]*$""", ""),),
    **dict.fromkeys(("c", "cpp"), ((r"""^[ \t]*#[ \t]*include[ \t]*"(?:\./)?STEM\.\w+"[ \t]*$""", ""),)),
}
"""Language -> how tests take the program from its file, which they are given without, and what stands in the place."""


def read_text(path: Path | None) -> str:
    """A file's text without a byte order mark, what is no UTF-8 replaced; empty for None. Raises SandboxError."""
    try:
        if path is None:
            return ""
        with path.open("rb") as file:  # a pipe is as good as a file: `<(command)`
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise SandboxError(f"{path}: {error.strerror}") from None
    if len(content) > LARGEST:
        raise SandboxError(f"{path}: larger than {LARGEST >> 20} MiB; give less to one program")
    return content.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def read_tests(path: Path | None, program: Path, language: str) -> str:
    """As `read_text`, of tests that lie beside the program's file: what they load of it by its name is there already, and is
    not looked for. No line moves.
    """
    tests = read_text(path)
    if language == "python" and (program.stem in sys.stdlib_module_names or not program.stem.isidentifier()):
        return tests
    for pattern, instead in TAKEN.get(language, ()):
        found = re.compile(pattern.replace("STEM", re.escape(program.stem)), re.MULTILINE)
        tests = found.sub(instead.replace("STEM", program.stem), tests)
    return tests


def read_limits(text: str) -> Limits:
    """Limits from `cpu_s=1,memory_mb=64`. Raises SandboxError."""
    limits = Limits()
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = part.partition("=")
        if name not in UNITS:
            raise SandboxError(f"--limits: no limit is called {name!r}; there are {', '.join(UNITS)}")
        field, unit = UNITS[name]
        try:
            number = float(value) * unit
        except ValueError:
            number = 0.0
        if not 0 < number < 2**50:
            raise SandboxError(f"--limits: {name} must be a number above 0, not {value!r}")
        wanted: Any = number if field.endswith("_s") else int(number)
        limits = replace(limits, **{field: wanted})
    return limits


def read_cases(path: Path | None) -> tuple[Case, ...]:
    """Cases from JSON lines; none for None. Raises SandboxError with file and line."""
    found = []
    for number, line in enumerate(read_text(path).split("\n"), 1):  # other separators may stand in a string
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            case = Case(row["stdin"], row["stdout"], row.get("compare", "tokens"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            case = Case("", "", "?")
        if not (isinstance(case.stdin, str) and isinstance(case.stdout, str) and case.compare in COMPARED):
            raise SandboxError(
                f"{path}:{number}: a case is an object with the strings `stdin` and `stdout`, and `compare`, "
                f"one of {', '.join(COMPARED)}"
            )
        found.append(case)
    return tuple(found)
