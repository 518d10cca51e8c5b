"""Syntax trees of Python source in a process that has threads: CPython up to 3.11.7 and 3.12.1 shares one count among
them, and a thread that parses while another does may get a `SystemError` for a source that is right.

Everything here that reads Python on the host does it through these: one thread at a time, and once more where somebody
else's thread came between (https://github.com/python/cpython/issues/106905).
"""

from __future__ import annotations

import ast
import threading
from typing import Any

__all__ = ["expression", "literal", "module"]
_PATIENCE = 8
"""Attempts; a source that parses at all parsed at the second in every trial."""
_one_at_a_time = threading.Lock()


def module(source: str) -> ast.Module:
    """The tree of a file; raises what `ast.parse` raises."""
    return _tree(source, "exec")  # type: ignore[no-any-return]


def expression(source: str) -> ast.expr:
    """The tree of one expression; raises what `ast.parse` raises."""
    return _tree(source, "eval").body  # type: ignore[no-any-return]


def literal(text: str) -> Any:
    """The plain value that is written; raises what `ast.literal_eval` raises."""
    return ast.literal_eval(expression(text.lstrip(" \t")))


def _tree(source: str, mode: str) -> Any:
    with _one_at_a_time:
        for attempt in range(1, _PATIENCE + 1):
            try:
                return ast.parse(source, mode=mode)
            except SystemError:
                if attempt == _PATIENCE:
                    raise
    raise AssertionError("unreachable")
