"""Syntax trees of Python source in a process that has threads: CPython up to 3.11.7 and 3.12.1 shares one count among
them, and a thread that parses while another does may get a `SystemError` for a source that is right.

Everything here that reads Python on the host does it through these: one thread at a time, and once more where somebody
else's thread came between (https://github.com/python/cpython/issues/106905).
"""

from __future__ import annotations

import ast
import threading
import warnings
from codeop import PyCF_ALLOW_INCOMPLETE_INPUT  # type: ignore[attr-defined]
from typing import Any

__all__ = ["expression", "literal", "module", "past_mending"]
_INCOMPLETE = "incomplete input"
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


def past_mending(lines: str) -> str:
    """Why no text that follows these whole lines makes them parse, in the parser's words; "" where some may.

    A parser that fails before it has read up to the end fails whatever follows, since it has not looked at what does. One that fails
    at the end may only want more, and is not held to it; nor is a source that it cannot read for its size or its letters.
    """
    if not lines.endswith("\n") or lines.endswith("\\\n") or "\0" in lines:
        return ""
    if any("coding" in line for line in lines.split("\n", 2)[:2]):  # a cookie: the same bytes spell other letters
        return ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as an error one would be the parser's
            _tree(lines, "exec", PyCF_ALLOW_INCOMPLETE_INPUT)
    except SyntaxError as error:
        return "" if error.msg == _INCOMPLETE else f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError):
        return ""
    return ""


def _tree(source: str, mode: str, flags: int = 0) -> Any:
    with _one_at_a_time:
        for attempt in range(1, _PATIENCE + 1):
            try:
                return compile(source, "<unknown>", mode, ast.PyCF_ONLY_AST | flags, dont_inherit=True)
            except SystemError:
                if attempt == _PATIENCE:
                    raise
    raise AssertionError("unreachable")
