"""Reads Python source on the host: hostile source, so with limits, and never further than its syntax tree."""

from __future__ import annotations

import ast
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
