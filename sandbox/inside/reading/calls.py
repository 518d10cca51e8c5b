"""Calls that a rewritten script makes in the place of what it says. Runs in the container, in the tests' own process."""

import ast
import copy
from collections.abc import Sequence
from typing import Any


def fixed(made: ast.expr, name: str = "_lab_fixed") -> ast.expr:
    return call(name, made, later(made))


def lent(answer: ast.expr, state: ast.expr, names: Sequence[str]) -> ast.expr:
    """`names`: of what the state is made, where it is only looked at if one of them is a list, dict or set."""
    given: list[ast.expr] = [ast.Name(name, ast.Load()) for name in names]
    return call("_lab_lent", later(answer), later(copy.deepcopy(state)), *given)


def later(made: ast.expr) -> ast.expr:
    return ast.Lambda(ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]), made)


def instead(node: ast.Call, name: str) -> None:
    """Have `name` called with the function and what it was to be called with."""
    node.args.insert(0, node.func)
    node.func = ast.Name(name, ast.Load())


def listed(made: Any) -> list[ast.stmt]:
    return made if isinstance(made, list) else [made]


def call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def telling(node: Any) -> list[ast.stmt]:
    """The body of a function whose word is taken: when it is done it says whether it compared."""
    before = ast.Assign([ast.Name("_lab_before", ast.Store())], call("_lab_entered"))
    after = ast.Expr(call("_lab_left", ast.Constant(node.name), ast.Name("_lab_before", ast.Load())))
    return [before, ast.Try(body=node.body, handlers=[], orelse=[], finalbody=[after])]
