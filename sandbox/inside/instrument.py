"""A test script rewritten so that it reports: which of its statements are tests, and which of its comparisons were made.
Runs in the container, in the tests' own process.
"""

import ast
import operator
import types
from collections.abc import Callable, Sequence
from typing import Any

FILE = "tests.py"


class Script:
    """A test script ready to run: the code, the units counted as tests (line, source), how it is to be started."""

    def __init__(self, code: types.CodeType, units: list[tuple[int, str]], starts: list[str], cases: list[str]) -> None:
        self.code, self.units, self.starts, self.cases = code, units, starts, cases


def instrument(source: str) -> Script:
    """Wrap every statement that asserts, at the top level and in the bodies of `check` and `test_*`, so that it
    reports.

    A test goes on after a failed statement, so one report holds the result of each. Statements without an assert are
    left alone. Raises SyntaxError or ValueError where the script is no Python.
    """
    tree = ast.parse(source, FILE)
    tree.body = [inner for node in tree.body for inner in _without_guard(node)]
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    tests = [name for name in functions if name == "check" or name.startswith("test")]
    asserting = _asserting_functions({name: node for name, node in functions.items() if name not in tests})
    called = {
        node.value.func.id
        for node in tree.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
    }
    units: list[tuple[int, str]] = []

    def wrap(body: list[ast.stmt]) -> list[ast.stmt]:
        return [_wrapped(node, source, units) if _asserts(node, asserting) else node for node in body]

    for name in tests:
        functions[name].body = wrap(functions[name].body)
    tree.body = wrap(tree.body)
    comparing = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name not in tests and _compares(node)
    }
    tree = _Counted(comparing).visit(tree)
    ast.fix_missing_locations(tree)
    cases = [node.name for node in tree.body if isinstance(node, ast.ClassDef) and "TestCase" in _dump(node.bases)]
    code = compile(tree, FILE, "exec", dont_inherit=True)
    return Script(code, units, [name for name in tests if name not in called], cases)


_OVER_ALL = frozenset(
    ("all", "allclose", "assert_allclose", "assert_almost_equal", "assert_array_almost_equal", "assert_array_less")
)
"""What of numpy holds for nothing: over an empty array every comparison does."""


class _Counted(ast.NodeTransformer):
    """Every comparison of the script says that it was made, so that a test that made none is seen: `assert`, calls of
    `assert...` and `raises`, and an exception that the script catches. `all` over nothing, and `not any`, make none;
    where a function of the script compares, what it says counts for nothing and its comparisons do.
    """

    def __init__(self, comparing: set[str]) -> None:
        self.comparing = comparing
        self.inside = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        before, self.inside = self.inside, self.inside or node.name in self.comparing
        self.generic_visit(node)
        self.inside = before
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        return _call("_lab_made", node) if self.inside else node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        self.generic_visit(node)
        inner = (
            node.test.operand if isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not) else node.test
        )
        over = inner.func if isinstance(inner, ast.Call) and len(inner.args) == 1 else None
        if isinstance(over, ast.Name) and over.id in ("all", "any") and isinstance(inner, ast.Call):
            inner.args = [_call("_lab_each", over, inner.args[0])]
        elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id in self.comparing:
            pass
        else:
            node.test = _call("_lab_made", node.test)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("assertTrue", "assertFalse") and node.args:
            node.args[0] = _call("_lab_made", node.args[0])
        elif name in _OVER_ALL:
            node.args[:2] = [
                item if isinstance(item, ast.Starred) else _call("_lab_full", item) for item in node.args[:2]
            ]
            if isinstance(node.func, ast.Attribute) and not node.args:
                node.func.value = _call("_lab_full", node.func.value)
        return _call("_lab_made", node) if name.startswith("assert") or name == "raises" else node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        if node.name != "_lab_error":
            node.body = [ast.Expr(_call("_lab_made")), *node.body]
        return node


def _compares(node: ast.FunctionDef) -> bool:
    """Whether a function looks at values by itself and, where it asserts, not by that alone."""
    return any(isinstance(inner, ast.Compare) for inner in ast.walk(node))


def _without_guard(node: ast.stmt) -> list[ast.stmt]:
    """The body of `if __name__ == "__main__":`, without what only starts a runner: the tests are started here."""
    if not (isinstance(node, ast.If) and "'__name__'" in _dump([node.test]) and "'__main__'" in _dump([node.test])):
        runs = isinstance(node, ast.Expr) and "id='unittest'" in _dump([node]) and "attr='main'" in _dump([node])
        return [] if runs else [node]
    return [inner for inner in node.body if "'unittest'" not in _dump([inner]) and "'pytest'" not in _dump([inner])]


def _asserting_functions(functions: dict[str, ast.FunctionDef]) -> frozenset[str]:
    """The helpers whose call is a test because they assert, themselves or through another."""
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(name for name, node in functions.items() if any(_asserts(s, found) for s in node.body))
        if more == found:
            return found
        found = more


def _asserts(node: ast.stmt, helpers: frozenset[str]) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
        return False
    return any(
        isinstance(inner, ast.Assert)
        or (isinstance(inner, ast.Name) and inner.id in helpers)
        or (
            isinstance(inner, ast.Attribute)
            and (inner.attr in ("raises", "assertRaises") or inner.attr.startswith("assert_"))
        )
        for inner in ast.walk(node)
    )


def _dump(nodes: Sequence[ast.AST]) -> str:
    return " ".join(ast.dump(node) for node in nodes)


def _wrapped(node: ast.stmt, source: str, units: list[tuple[int, str]]) -> ast.stmt:
    """`S` becomes: try S; on any exception report the failure, else report that it held."""
    unit = len(units)
    units.append((node.lineno, ast.get_source_segment(source, node) or ""))
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert) and isinstance(inner.test, ast.Compare) and len(inner.test.ops) == 1:
            sign = type(inner.test.ops[0]).__name__
            if sign in COMPARISONS:
                flipped = _is_literal(inner.test.left) and not _is_literal(inner.test.comparators[0])
                inner.test = _call(
                    "_lab_compare",
                    ast.Constant(sign),
                    ast.Constant(flipped),
                    inner.test.left,
                    inner.test.comparators[0],
                )
    error = ast.Name("_lab_error", ast.Load())
    handler = ast.ExceptHandler(
        ast.Name("_lab_base", ast.Load()), "_lab_error", [ast.Expr(_call("_lab_record", ast.Constant(unit), error))]
    )
    held = ast.Expr(_call("_lab_record", ast.Constant(unit), ast.Constant(None)))
    leaks = not isinstance(node, ast.Assert) or any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(node))
    begin = ast.Expr(_call("_lab_begin", ast.Constant(leaks)))
    attempt = ast.Try(body=[begin, node], handlers=[handler], orelse=[held], finalbody=[])
    return ast.copy_location(attempt, node)


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _is_literal(node: ast.expr) -> bool:
    return not any(isinstance(inner, ast.Call | ast.Name | ast.Attribute) for inner in ast.walk(node))


COMPARISONS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "Eq": ("", operator.eq),
    "NotEq": ("anything but ", operator.ne),
    "Lt": ("less than ", operator.lt),
    "LtE": ("at most ", operator.le),
    "Gt": ("more than ", operator.gt),
    "GtE": ("at least ", operator.ge),
    "Is": ("the very object ", operator.is_),
    "IsNot": ("another object than ", operator.is_not),
    "In": ("one of ", lambda a, b: a in b),
    "NotIn": ("none of ", lambda a, b: a not in b),
}
OPPOSITE = {"Lt": "Gt", "Gt": "Lt", "LtE": "GtE", "GtE": "LtE"}
