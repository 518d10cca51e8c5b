"""Which templates a generator uses, read from its own source: no table to keep in step when a generator changes."""

import ast
import functools
import inspect
import re
import textwrap
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

import syntax

PACKAGE = __name__.partition(".")[0]
ASKING = frozenset({"ask", "ask_many", "ask_chat"})
SHOWING = frozenset({"conversation"})
"""Methods of a lab that take a template's name."""


@dataclass(frozen=True)
class Uses:
    """Template names in a generator's code and in the functions of ours that it calls."""

    asked: tuple[str, ...]
    """Put to the checkpoint, in the order in which the code names them."""
    shown: tuple[str, ...]
    """Only rendered, by `lab.conversation`, as the prompt that a data set will show."""


def uses_of(generator: Callable[..., Any], known: Collection[str]) -> Uses:
    """The templates of `known` that the generator names: as a literal, a constant, or an f-string that fits them."""
    asked: dict[str, None] = {}
    shown: dict[str, None] = {}
    seen: set[FunctionType] = set()
    left: list[Any] = [generator]
    while left:
        function = _plain(left.pop(0))
        if function is None or function in seen:
            continue
        seen.add(function)
        tree = _tree(function)
        named = {id(inner): calls for calls in (ASKING, SHOWING) for inner in _names_given(tree, calls)}
        for node in sorted(ast.walk(tree), key=lambda node: getattr(node, "lineno", 0)):
            value = _value(node, function)
            if isinstance(node, ast.JoinedStr) and id(node) not in named:
                continue  # text of any kind is put together like this; only the name in such a call is a pattern
            (shown if named.get(id(node)) is SHOWING else asked).update(dict.fromkeys(_fitting(value, known)))
            left += _functions(value, function.__module__)
    return Uses(tuple(asked), tuple(name for name in shown if name not in asked))


def _plain(function: Any) -> FunctionType | None:
    """The Python function behind a partial or a decorator."""
    while isinstance(function, functools.partial):
        function = function.func
    function = inspect.unwrap(function)
    return function if isinstance(function, FunctionType) else None


@functools.cache
def _tree(function: FunctionType) -> ast.AST:
    try:
        return syntax.module(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError):  # a lambda in the middle of an expression, or code without a file
        return ast.Module([], [])


def _names_given(tree: ast.AST, calls: frozenset[str]) -> Iterator[ast.AST]:
    """The nodes in the template's place of `lab.ask(NAME, ...)` and the like."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in calls:
            names = [*node.args[:1], *(keyword.value for keyword in node.keywords if keyword.arg == "like")]
            yield from (inner for name in names for inner in ast.walk(name))


def _value(node: ast.AST, function: FunctionType) -> Any:
    """What a node stands for, as far as reading tells; None where it does not."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*" for part in node.values]
        return re.compile("".join(parts))
    if isinstance(node, ast.Name):
        return function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        owner = function.__globals__.get(node.value.id)
        return getattr(owner, node.attr, None) if isinstance(owner, ModuleType) else None
    return None


def _fitting(value: Any, known: Collection[str]) -> Iterator[str]:
    if isinstance(value, re.Pattern):
        yield from filter(value.fullmatch, known)
    elif isinstance(value, str):
        yield from [value] if value in known else []
    elif isinstance(value, dict):
        yield from (name for inner in value.values() for name in _fitting(inner, known))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (name for inner in value for name in _fitting(inner, known))


def _functions(value: Any, module: str) -> list[Any]:
    """The function itself where it is ours or of the same file; those a dict or tuple of functions holds."""
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
    plain = [_plain(inner) for inner in values if callable(inner) and not isinstance(inner, type)]
    return [f for f in plain if f and (f.__module__ == module or f.__module__.partition(".")[0] == PACKAGE)]
