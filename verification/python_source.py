"""Reads Python source on the host: hostile source, so with limits, and never further than its syntax tree."""

from __future__ import annotations

import ast
import io
import warnings

import syntax

LONGEST = 20_000
"""Characters of a source that is read."""
DEEPEST = 100
"""Nesting of a syntax tree that is read: what walks and prints trees recurses."""


def parse(source: str) -> ast.Module | None:
    """The syntax tree; None where the source does not parse, is longer than LONGEST or nested deeper than DEEPEST."""
    if len(source) > LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a string is the author's affair
            tree = syntax.module(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if _depth(tree) <= DEEPEST else None


def completed(code: str, before: str) -> str:
    """A program that answers a question which shows `before` the function it asks for: with those imports and definitions of it
    that the program neither has nor sets itself. As it is where either cannot be read.
    """
    own, given = (parse(source) for source in (code, before))
    if own is None or given is None:
        return code
    bound = {name for node in own.body for name in _bound_by(node)}
    missing = [ast.unparse(node) for node in given.body if (names := _bound_by(node)) and not names <= bound]
    if not missing:
        return code
    future = [node for node in own.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    lines = list(io.StringIO(code, newline=""))  # as the parser counts them: a form feed ends none
    at = max((node.end_lineno or 0 for node in future), default=0)  # such an import stands first
    return "".join([*lines[:at], *(f"{part}\n" for part in missing), "\n", *lines[at:]])


def _bound_by(node: ast.stmt) -> set[str]:
    """The names that a statement of a module sets; of a docstring none."""
    match node:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {alias.asname or alias.name.partition(".")[0] for alias in names}
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign() | ast.AnnAssign():
            return {
                part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            }
    return set()


def nodes(source: str) -> list[ast.AST]:
    """All nodes of the tree, in no promised order; none where it cannot be read."""
    tree = parse(source)
    return list(ast.walk(tree)) if tree else []


def functions(source: str) -> set[str]:
    """The functions it defines at its top level."""
    tree = parse(source)
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)} if tree else set()


def _depth(tree: ast.AST) -> int:
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return deepest
