"""Tests in every language: source and test script become one program that reports each test as it is decided.

An adapter runs on the host and only rewrites text. What it makes reads the run's token from descriptor 4 before the
solution is loaded, and writes lines `TOKEN KIND INDEX JSON` to descriptor 3: `ok`, `fail` (an assertion does not hold)
or `error` (something was raised) for a test, `end` when the script came to its end and an assertion that must fail did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from sandbox.languages import bash, cfamily, csharp, go, java, javascript, perl, php, ruby, rust, sql, typescript
from sandbox.languages.control import controls
from sandbox.languages.script import Script

__all__ = ["Script", "assemble", "controls", "solution_of", "source_hash", "source_of"]


_ADAPTERS: dict[str, Callable[[str, str], Script]] = {
    "javascript": javascript.assemble,
    "cpp": cfamily.assemble_cpp,
    "c": cfamily.assemble_c,
    "typescript": typescript.assemble,
    "java": java.assemble,
    "go": go.assemble,
    "rust": rust.assemble,
    "csharp": csharp.assemble,
    "php": php.assemble,
    "ruby": ruby.assemble,
    "perl": perl.assemble,
    "bash": bash.assemble,
    "sql": sql.assemble,
}


_WRAPPED = frozenset({"csharp", "go", "java", "php", "typescript"})
"""Languages whose programs need something around them also without tests."""


def assemble(language: str, code: str, tests: str) -> Script:
    """The test program of `code` and `tests`; the program alone where there are none. Raises KeyError where the
    language has no adapter.
    """
    if not tests.strip() and language not in _WRAPPED:
        return Script(code)
    return _ADAPTERS[language](code, tests)


def solution_of(language: str, code: str) -> str:
    """What the parser and the linter are to see."""
    return php.tagged(code) if language == "php" else code


def source_of(name: str) -> str:
    """A file here that lies in the container beside the program."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def source_hash() -> str:
    """A hash of all adapters, for keys of recorded runs."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
