"""A test script rewritten so that it reports: which of its statements are tests, and which of its comparisons were made.
Runs in the container, in the tests' own process.
"""

import ast
import itertools
import math
import operator
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any

FILE = "tests.py"


class Script:
    """A test script ready to run: the code, the units counted as tests (line, source), how it is to be started: its
    test functions (and whether the script itself uses their name), and its classes; `reads`: the names it uses, each
    with the attributes it reads of it.
    """

    def __init__(
        self,
        code: types.CodeType,
        units: list[tuple[int, str]],
        starts: list[tuple[str, bool]],
        classes: list[str],
        reads: dict[str, list[str]],
    ) -> None:
        self.code, self.units, self.starts, self.classes, self.reads = code, units, starts, classes, reads


def instrument(source: str) -> Script:
    """Wrap every statement that asserts, at the top level and in the bodies of `check` and `test_*`, so that it
    reports.

    A test goes on after a failed statement, so one report holds the result of each. Statements without an assert are
    left alone. Raises SyntaxError or ValueError where the script is no Python.
    """
    tree = ast.parse(source, FILE)
    tree.body = [inner for node in tree.body for inner in _without_guard(node)]
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
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
    own = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    comparing = {node.name for node in own if node.name not in tests and _compares(node)}
    reads: dict[str, list[str]] = {node.id: [] for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used = frozenset(reads)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.attr not in reads[node.value.id]
        ):
            reads[node.value.id].append(node.attr)
    tree = _Counted(comparing, {node.name for node in own}).visit(tree)
    ast.fix_missing_locations(tree)
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    code = compile(tree, FILE, "exec", dont_inherit=True)
    return Script(code, units, [(name, name in used) for name in tests if name not in called], classes, reads)


_OVER_ARRAYS = frozenset(
    (
        *("all", "any", "sum", "norm", "count_nonzero", "allclose", "isclose", "assert_allclose", "assert_equal"),
        *("assert_array_equal", "assert_almost_equal", "assert_array_almost_equal", "assert_array_less"),
    )
)
"""What of numpy holds for nothing: an empty array is close to any number, has no element that differs, and sums to 0."""


class _Counted(ast.NodeTransformer):
    """Every comparison of the script says that it was made, so that a test that made none is seen: `assert`, calls of
    `assert...` and `raises`, and an exception that the script catches. `all` over nothing, and `not any`, make none;
    where a function of the script compares, what it says counts for nothing and its comparisons do.
    """

    def __init__(self, comparing: set[str], own: set[str]) -> None:
        self.comparing = comparing
        self.own = own
        """Functions of the script: where one is called `assert_close`, what it asserts counts, not that it was called."""
        self.inside = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        before, self.inside = self.inside, self.inside or node.name in self.comparing
        self.generic_visit(node)
        self.inside = before
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        made: ast.expr = node
        sign = type(node.ops[0]).__name__
        if len(node.ops) == 1 and sign in OPPOSITE:
            made = _call("_lab_order", ast.Constant(sign), node.left, node.comparators[0])
        return _call("_lab_made", made) if self.inside else made

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        self.generic_visit(node)
        node.test = self._judged(node.test)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        says = name in ("assertEqual", "assertIs") and len(node.args) > 1 and any(map(_is_truth, node.args[:2]))
        if says and _is_truth(node.args[0]):
            node.args[:2] = [node.args[1], node.args[0]]
        if (name in ("assertTrue", "assertFalse") or says) and node.args:
            node.args[0] = self._judged(node.args[0])
            return node
        if name in _OVER_ARRAYS and not (isinstance(node.func, ast.Name) and name in ("all", "any", "sum")):
            node.args.insert(0, node.func)
            node.func = ast.Name("_lab_arrays", ast.Load())
        elif name in ("zip", "map", "max", "min") and isinstance(node.func, ast.Name) and not _sliced(node):
            node.args.insert(0, node.func)
            node.func = ast.Name("_lab_most" if name[0] == "m" and name != "map" else "_lab_zip", ast.Load())
        counts = (name.startswith("assert") and name not in self.own) or name == "raises"
        return _call("_lab_made", node) if counts else node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        leaves = any(isinstance(inner, ast.Break | ast.Return) for inner in node.body)
        if node.name != "_lab_error" and not (leaves and node.type and "Stop" in ast.dump(node.type)):  # a loop's end
            node.body = [ast.Expr(_call("_lab_made")), *node.body]
        return node

    def _judged(self, test: ast.expr, alone: bool = True) -> ast.expr:
        """What is asserted, so that it counts where it compares. `alone`: it does not stand beside an `all` or `any`, where
        `isinstance` and the like say nothing of the values.
        """
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test.operand = self._judged(test.operand, alone)
            return test
        if isinstance(test, ast.BoolOp):
            over = any(getattr(inner, "id", "") in ("all", "any") for inner in ast.walk(test))
            test.values = [self._judged(value, alone and not over) for value in test.values]
            return test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and _is_truth(test.comparators[0]):
            test.left = self._judged(test.left, alone)
            return test
        function = test.func.id if isinstance(test, ast.Call) and isinstance(test.func, ast.Name) else ""
        if isinstance(test, ast.Call) and function:
            if function in ("all", "any") and len(test.args) == 1:
                test.args = [_call("_lab_each", test.func, test.args[0])]
                return test
            if function == "bool" and len(test.args) == 1:
                return self._judged(test.args[0], alone)
            if function in self.comparing or (not alone and function in ("isinstance", "callable", "hasattr")):
                return test
            if function == "_lab_compare" and _is_truth(test.args[3]):
                test.args[2] = self._judged(test.args[2], alone)
                return test
        return _call("_lab_made", test)


def _is_truth(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _sliced(node: ast.Call) -> bool:
    """Whether it takes a part of something: `zip(values, values[1:])` may well be empty."""
    return any(isinstance(inner, ast.Slice) for item in node.args for inner in ast.walk(item))


def _compares(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function looks at values by itself and, where it asserts, not by that alone."""
    return any(isinstance(inner, ast.Compare) for inner in ast.walk(node))


def _without_guard(node: ast.stmt) -> list[ast.stmt]:
    """The body of `if __name__ == "__main__":`, without what only starts a runner: the tests are started here."""
    if not (isinstance(node, ast.If) and "'__name__'" in _dump([node.test]) and "'__main__'" in _dump([node.test])):
        runs = isinstance(node, ast.Expr) and "id='unittest'" in _dump([node]) and "attr='main'" in _dump([node])
        return [] if runs else [node]
    return [inner for inner in node.body if "'unittest'" not in _dump([inner]) and "'pytest'" not in _dump([inner])]


def _asserting_functions(functions: Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]) -> frozenset[str]:
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
            if sign in COMPARISONS and ast.dump(inner.test.left) != ast.dump(inner.test.comparators[0]):
                flipped = _is_literal(inner.test.left) and not _is_literal(inner.test.comparators[0])
                inner.test = _call(
                    "_lab_compare",
                    ast.Constant(sign),
                    _held(inner.test, flipped),
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


_OF_AN_ARGUMENT = frozenset(("sorted", "len", "sum", "max", "min", "set", "list", "tuple"))


def _held(test: ast.Compare, flipped: bool) -> ast.expr:
    """Where `f(xs) == sorted(xs)` asks a function of Python's about what the program was given, what that said before."""
    right = test.comparators[0]
    if not (isinstance(right, ast.Call) and getattr(right.func, "id", "") in _OF_AN_ARGUMENT and len(right.args) == 1):
        return ast.Constant(flipped)
    of = right.args[0]
    given = [inner for inner in ast.walk(test.left) if isinstance(inner, ast.Name)]
    if not isinstance(of, ast.Name) or of.id not in [name.id for name in given]:
        return ast.Constant(flipped)
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    again = ast.Call(ast.Name(right.func.id, ast.Load()), [ast.Name(of.id, ast.Load())], [])  # type: ignore[attr-defined]
    return _call("_lab_held", ast.Constant(flipped), ast.Lambda(nothing, again))


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


def watches(judge: Callable[[str], None]) -> dict[str, Callable[..., Any]]:
    """What the rewritten script calls in the place of orders, `zip` and numpy's functions: they give what the real ones
    give, and tell `judge` where that holds for nothing.
    """

    def order(sign: str, left: Any, right: Any) -> Any:
        """`not abs(a - b) > eps` holds for a NaN, and `inf <= eps * inf` holds."""
        for side in (left, right):
            if type(side).__module__ == "numpy" and side.dtype.kind in "fc" and (side != side).any():
                judge("it asks for the order of an array that holds a NaN")
            elif isinstance(side, float) and (
                side != side or (math.isinf(side) and isinstance(left, float) and left == right)
            ):
                judge(f"it asks for the order of {left!r} and {right!r}")
        return COMPARISONS[sign][1](left, right)

    def pairs(function: Any, *items: Any, **keywords: Any) -> Any:
        """`zip` of an empty answer and what is expected gives no pair to compare."""
        if function is map and len(items) > 2 and not keywords:
            return itertools.starmap(items[0], pairs(zip, *items[1:]))
        if function is not zip or len(items) < 2 or keywords:
            return function(*items, **keywords)
        iterators = [iter(item) for item in items]
        nothing = object()
        firsts = [next(iterator, nothing) for iterator in iterators]
        if all(first is not nothing for first in firsts):
            return itertools.chain([tuple(firsts)], zip(*iterators, strict=False))
        if any(first is not nothing for first in firsts):
            judge("it zips something with nothing")
        return iter(())

    def most(function: Any, *items: Any, **keywords: Any) -> Any:
        """The greatest of 0 and a NaN is 0."""
        given = [list(items[0])] if len(items) == 1 else list(items)
        if any(isinstance(item, float) and item != item for item in (given[0] if len(items) == 1 else given)):
            judge("it asks for the greatest or least beside a NaN")
        return function(*given, **keywords)

    def arrays(function: Any, *items: Any, **keywords: Any) -> Any:
        owner = getattr(function, "__self__", None)
        given = [*([owner] if _size(owner) is not None else []), *items[:2], *map(keywords.get, _ARRAYS_NAMED)]
        sizes = [size for size in map(_size, given) if size is not None]
        if 0 in sizes and (len(sizes) == 1 or any(sizes)):
            judge("it compares an empty array")
        return function(*items, **keywords)

    return {"_lab_order": order, "_lab_zip": pairs, "_lab_most": most, "_lab_arrays": arrays}


_ARRAYS_NAMED = ("actual", "desired", "x", "y", "a", "b")


def _size(value: Any) -> int | None:
    """How many numbers it holds; None for what is neither a number nor an array nor a list."""
    if isinstance(value, int | float | complex):
        return 1
    if isinstance(value, list | tuple):
        return len(value)
    size = getattr(value, "size", None) if type(value).__module__ == "numpy" else None
    return size if isinstance(size, int) else None
