"""Which functions of a test script say by themselves whether an answer is right. Runs in the container, in the tests' own
process.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.inside.reading.sides import assigned, is_truth, walk

_PASSED = frozenset(
    (
        *("run", "run_until_complete", "wait_for", "gather", "create_task", "ensure_future", "list", "tuple", "set"),
        *("all", "any", "bool", "dict", "sorted", "map", "filter", "sum", "_lab_each", "_lab_told", "_lab_some"),
    )
)
"""What gives on what it is given, or what that gives."""


def compares(nodes: Sequence[ast.AST]) -> bool:
    """Whether it looks at values by itself."""
    return any(
        isinstance(inner, ast.Compare)
        or (isinstance(inner, ast.Call) and getattr(inner.func, "id", "") in ("all", "any"))
        for node in nodes
        for inner in walk(node)
    )


def says_whether(node: ast.AST) -> bool:
    """Whether a function compares, or decides with an `if` whether it says `True` or `False`."""
    said = any(
        isinstance(inner, ast.Return) and inner.value is not None and is_truth(inner.value) for inner in walk(node)
    )
    return compares([node]) or (said and any(isinstance(inner, ast.If) for inner in walk(node)))


def told_in_truths(nodes: list[ast.AST], own: Mapping[str, Any], comparing: set[str]) -> set[str]:
    """Functions that compare, where of what they say no more is asserted than that it is true, or some truths: `assert
    asyncio.run(main()) == [True, True]`, where `main` has it of two others.
    """
    made: dict[str, list[ast.expr]] = {}
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            for target, value in assigned(node):
                if isinstance(target, ast.Name):
                    made.setdefault(target.id, []).append(value)
    left = [root for node in nodes for root in _asked(node)]
    seen, found = set[str](), set[str]()
    while left:
        for name in _results(left.pop()):
            if name in seen:
                continue
            seen.add(name)
            if name not in own:
                left += made.get(name, [])
                continue
            if name in comparing:
                found.add(name)
            left += [
                inner.value for inner in walk(own[name]) if isinstance(inner, ast.Return) and inner.value is not None
            ]
    return found


def _asked(node: ast.AST) -> list[ast.expr]:
    """What is asserted to be true, or to be truths."""
    if isinstance(node, ast.Assert):
        return _true(node.test)
    name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
    if not name.startswith("assert") or not isinstance(node, ast.Call) or not node.args:
        return []
    if name in ("assertTrue", "assertFalse"):
        return _true(node.args[0])
    return _beside(node.args[:2]) if name.endswith("Equal") or name == "assertIs" else []


def _true(test: ast.expr) -> list[ast.expr]:
    if isinstance(test, ast.UnaryOp):
        return _true(test.operand)
    if isinstance(test, ast.BoolOp):
        return [root for value in test.values for root in _true(value)]
    if isinstance(test, ast.Compare):
        return _beside([test.left, *test.comparators])
    if isinstance(test, ast.Call) and getattr(test.func, "id", "") == "_lab_compare":
        return _beside(test.args[2:4])
    return [test]


def _beside(sides: list[ast.expr]) -> list[ast.expr]:
    if len(sides) != 2 or all(map(_truths, sides)):
        return []
    return [side for side, other in (sides, sides[::-1]) if _truths(other)]


def _truths(node: ast.expr) -> bool:
    """`True`, `[True, False]`, `{"a": True}`, `[True] * 3`."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return bool(node.elts) and all(map(_truths, node.elts))
    if isinstance(node, ast.Dict):
        return bool(node.values) and all(map(_truths, node.values))
    return is_truth(node) or (isinstance(node, ast.BinOp) and _truths(node.left))


def _results(node: ast.AST) -> Iterator[str]:
    """Names of which a value is the word, or which it holds."""
    if isinstance(node, ast.Name):
        yield node.id
        return
    parts: list[ast.AST] = []
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        parts = [*([node.func] if isinstance(node.func, ast.Name) else []), *(node.args if name in _PASSED else ())]
    elif isinstance(node, ast.Await | ast.Starred | ast.NamedExpr | ast.DictComp):
        parts = [node.value]
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        parts = [*node.elts]
    elif isinstance(node, ast.Dict | ast.BoolOp):
        parts = [*node.values]
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        parts = [node.elt]
    elif isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    elif isinstance(node, ast.UnaryOp):
        parts = [node.operand]
    for part in parts:
        yield from _results(part)


def is_always_true(test: ast.expr) -> bool:
    """`assert (f(2) == 4, "doubled")`, `assert (f(x) == x for x in xs)`, `assert f(2) == 3 or 4`: whatever the answers are."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any((isinstance(part, ast.Constant) and part.value) or is_always_true(part) for part in test.values)
    held = any(not isinstance(part, ast.Starred) for part in getattr(test, "elts", ()))
    return held or isinstance(test, ast.GeneratorExp | ast.Lambda)


def is_a_value(node: ast.expr) -> bool:
    """What stands as the message of `assertTrue(f(2), 4)` and is none."""
    if isinstance(node, ast.Constant):
        return node.value is not None and not isinstance(node.value, str)
    return isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.UnaryOp)
