"""Tests in every language: source and test script become one program that reports each test as it is decided.

An adapter runs on the host and only rewrites text. What it makes reads the run's token from descriptor 4 before the
solution is loaded, and writes lines `TOKEN KIND INDEX JSON` to descriptor 3: `ok`, `fail` (an assertion does not hold)
or `error` (something was raised) for a test, `end` when the script came to its end and an assertion that must fail did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from sandbox.adapters import cfamily, javascript
from sandbox.adapters.control import controls
from sandbox.adapters.script import Script

__all__ = ["Script", "assemble", "controls", "source_hash"]


_ADAPTERS: dict[str, Callable[[str, str], Script]] = {
    "javascript": javascript.assemble,
    "cpp": cfamily.assemble_cpp,
}


def assemble(language: str, code: str, tests: str) -> Script:
    """The test program of `code` and `tests`. Raises KeyError where the language has no adapter."""
    return _ADAPTERS[language](code, tests)


def source_hash() -> str:
    """A hash of all adapters, for keys of recorded runs."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
