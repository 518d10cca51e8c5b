"""A test script rewritten so that it reports: which of its statements are tests, and which of its comparisons were made.
Runs in the container, in the tests' own process.
"""

import ast
import types
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.inside.compared import BUILTINS, COMPARISONS, OPPOSITE, names_of_the_program

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
    lines = source.replace("\r\n", "\n").replace("\r", "\n").encode().split(b"\n")

    def wrap(body: list[ast.stmt]) -> list[ast.stmt]:
        return [_wrapped(node, lines, units) if _asserts(node, asserting) else node for node in body]

    for name in tests:
        functions[name].body = wrap(functions[name].body)
    tree.body = wrap(tree.body)
    own = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    comparing = {
        node.name for node in own if not node.name.startswith("test") and node.name != "check" and _compares(node)
    }
    reads: dict[str, list[str]] = {node.id: [] for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used = frozenset(reads)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.attr not in reads[node.value.id]
        ):
            reads[node.value.id].append(node.attr)
    tree = _Counted(comparing, {node.name for node in own}, names_of_the_program(tree)).visit(tree)
    ast.fix_missing_locations(tree)
    classes = [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    code = compile(tree, FILE, "exec", dont_inherit=True)
    return Script(code, units, [(name, name in used) for name in tests if name not in called], classes, reads)


_OVER_ARRAYS = frozenset(
    (
        *("all", "any", "sum", "norm", "count_nonzero", "allclose", "isclose", "assert_allclose", "assert_equal"),
        *("assert_array_equal", "assert_almost_equal", "assert_array_almost_equal", "assert_array_less"),
        *("array_equiv", "where", "nonzero", "flatnonzero", "argwhere"),
    )
)
"""What of numpy holds for nothing: an empty array is close to any number, has no element that differs, and sums to 0."""


class _Counted(ast.NodeTransformer):
    """Every comparison of the script says that it was made, so that a test that made none is seen: `assert`, calls of
    `assert...` and `raises`, and an exception that the script catches. `all` over nothing, and `not any`, make none;
    where a function of the script compares, what it says counts for nothing and its comparisons do.
    """

    def __init__(self, comparing: set[str], own: set[str], theirs: set[str]) -> None:
        self.comparing = comparing
        self.own = own
        """Functions of the script: where one is called `assert_close`, what it asserts counts, not that it was called."""
        self.theirs = theirs
        self.inside = self.asserted = self.looped = False
        """In a function that compares; in what is asserted; in a loop."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        before = self.inside, self.looped
        self.inside, self.looped = self.inside or node.name in self.comparing, False
        self.generic_visit(node)
        self.inside, self.looped = before
        return node

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        side = self._made(node.left, node.comparators[0]) if self.asserted and len(node.ops) == 1 else None
        self.generic_visit(node)
        if side == 0:
            node.left = _fixed(node.left)
        elif side == 1:
            node.comparators = [_fixed(node.comparators[0])]
        made: ast.expr = node
        signs = [type(op).__name__ for op in node.ops]
        if len(signs) == 1 and signs[0] in OPPOSITE:
            made = _call("_lab_order", ast.Constant(signs[0]), node.left, node.comparators[0])
        elif all(sign in OPPOSITE for sign in signs) and all(map(_is_harmless, node.comparators[1:])):
            made = _call(
                "_lab_chain",
                ast.Tuple([ast.Constant(sign) for sign in signs], ast.Load()),
                node.left,
                *node.comparators,
            )
        return _call("_lab_made", made) if self.inside else made

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        self.asserted = True
        self.generic_visit(node)
        self.asserted = False
        node.test = self._judged(node.test)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        counts = (name.startswith("assert") and name not in self.own) or name == "raises"
        before, self.asserted = self.asserted, (self.asserted or counts) and name not in ("all", "any")
        first = 2 if name == "_lab_compare" else 0
        side = self._made(*node.args[first : first + 2]) if first or (counts and len(node.args) > 1) else None
        if self.asserted and name == "filter" and len(node.args) == 2 and self._uses(node.args[1]):
            node.args[1] = _call("_lab_some", node.args[1])
        self.generic_visit(node)
        self.asserted = before
        if side is not None:
            node.args[first + side] = _fixed(node.args[first + side])
        says = name in ("assertEqual", "assertIs") and len(node.args) > 1 and any(map(_is_truth, node.args[:2]))
        if says and _is_truth(node.args[0]):
            node.args[:2] = [node.args[1], node.args[0]]
        if (name in ("assertTrue", "assertFalse") or says) and node.args:
            node.args[0] = self._judged(node.args[0])
            return node
        if name in _OVER_ARRAYS and not (isinstance(node.func, ast.Name) and name in ("all", "any", "sum")):
            _instead(node, "_lab_arrays")
        elif name in ("zip", "map", "max", "min") and isinstance(node.func, ast.Name) and not _sliced(node):
            _instead(node, "_lab_most" if name[0] == "m" and name != "map" else "_lab_zip")
        elif name in _WITHIN and len(node.args) > 1:
            _instead(node, "_lab_near")
        return _call("_lab_made", node) if counts else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        of_a_set = isinstance(node.left, ast.Call) and getattr(node.left.func, "id", "") in ("set", "frozenset")
        less = of_a_set and self.asserted and isinstance(node.op, ast.Sub)
        self.generic_visit(node)
        return _call("_lab_less", node.left, node.right) if less else node

    def _over(self, node: Any) -> Any:
        """A comprehension in what is asserted: those that are wrong, or whether each is right."""
        looks = node.generators[0].ifs or isinstance(getattr(node, "elt", None), ast.Compare | ast.BoolOp | ast.UnaryOp)
        if self.asserted and looks and self._uses(node.generators[0].iter):
            node.generators[0].iter = _call("_lab_some", node.generators[0].iter)
        self.generic_visit(node)
        return node

    visit_GeneratorExp = visit_ListComp = visit_SetComp = visit_DictComp = _over

    def visit_For(self, node: ast.For) -> ast.AST:
        """In a method of a test class, which is one test, a loop that asserts over an answer has something to assert."""
        before = self.looped
        zips = isinstance(node.iter, ast.Call) and getattr(node.iter.func, "id", "") == "zip"
        if not before and not zips and not self.inside and self._uses(node.iter) and _tells(node.body):
            node.iter = _call("_lab_some", node.iter)
        self.looped = True
        self.generic_visit(node)
        self.looped = before
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        before = self.inside
        left = all(isinstance(inner, ast.Continue | ast.Pass) or _is_bare_return(inner) for inner in node.body)
        self.inside = before and not left  # `if got is None: return` compares nothing
        node.test = self.visit(node.test)
        self.inside = before
        if any(map(_is_failure, node.body)):
            node.test = self._judged(node.test)
        node.body = [item for inner in node.body for item in _listed(self.visit(inner))]
        node.orelse = [item for inner in node.orelse for item in _listed(self.visit(inner))]
        return node

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        self.generic_visit(node)
        if node.exc is not None:
            node.exc = _call("_lab_own", node.exc)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.pattern, ast.MatchAs) and node.pattern.pattern is None):
            node.body = [ast.Expr(_call("_lab_made")), *node.body]
        return node

    def visit_With(self, node: ast.With) -> ast.AST:
        for item in node.items if _tells(node.body) else ():
            call = item.context_expr
            if isinstance(call, ast.Call) and ast.dump(call.func).count("'suppress'"):
                _instead(call, "_lab_suppress")
        self.generic_visit(node)
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST:
        """An exception that is caught and left alone was expected where the script fails without it."""
        expected = any(_is_failure(inner) for part in (*node.body, *node.orelse) for inner in ast.walk(part))
        for handler in node.handlers:
            leaves = any(isinstance(inner, ast.Break | ast.Return) for inner in handler.body)
            ends = leaves and handler.type is not None and "Stop" in ast.dump(handler.type)  # a loop's end
            alone = all(isinstance(inner, ast.Pass | ast.Continue) for inner in handler.body)
            if handler.name != "_lab_error" and not ends and (expected or not alone):
                handler.body = [ast.Expr(_call("_lab_made")), *handler.body]
        self.generic_visit(node)
        return node

    visit_TryStar = visit_Try  # type: ignore[assignment]

    def _uses(self, node: ast.AST) -> bool:
        return any(isinstance(inner, ast.Name) and inner.id in self.theirs for inner in ast.walk(node))

    def _made(self, left: ast.expr, right: ast.expr) -> int | None:
        """Which of two that are compared the script makes of what the program may have been given, beside an answer."""
        answers = self._uses(left)
        if answers == self._uses(right):
            return None
        inner = list(ast.walk(right if answers else left))
        if any(isinstance(node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom) for node in inner):
            return None
        names = [node.id for node in inner if isinstance(node, ast.Name)]
        return int(answers) if any(name not in self.own and name not in BUILTINS for name in names) else None

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


_WITHIN = frozenset(("assertLess", "assertLessEqual", "assertGreater", "assertGreaterEqual", "assertAlmostEqual"))


def _fixed(made: ast.expr) -> ast.expr:
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return _call("_lab_fixed", made, ast.Lambda(nothing, made))


def _instead(node: ast.Call, name: str) -> None:
    """Have `name` called with the function and what it was to be called with."""
    node.args.insert(0, node.func)
    node.func = ast.Name(name, ast.Load())


def _listed(made: Any) -> list[ast.stmt]:
    return made if isinstance(made, list) else [made]


def _is_bare_return(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return) and (node.value is None or getattr(node.value, "value", 0) is None)


def _is_failure(node: ast.AST) -> bool:
    """`assert False`, `raise ...`, `self.fail()`, `pytest.fail()`."""
    if isinstance(node, ast.Assert):
        return isinstance(node.test, ast.Constant) and not node.test.value
    called = node.value.func if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None
    return isinstance(node, ast.Raise) or getattr(called, "attr", getattr(called, "id", "")) == "fail"


def _is_harmless(node: ast.expr) -> bool:
    """Whether it may as well be read where a comparison before it has failed."""
    return not any(
        isinstance(inner, ast.Subscript | ast.NamedExpr | ast.Await | ast.Div | ast.Mod | ast.FloorDiv)
        or (isinstance(inner, ast.Call) and getattr(inner.func, "id", "") not in ("abs", "len", "max", "min", "float"))
        for inner in ast.walk(node)
    )


def _tells(nodes: Sequence[ast.stmt]) -> bool:
    """Whether anything in it asserts."""
    return any(
        isinstance(inner, ast.Assert) or getattr(inner, "attr", "").startswith("assert")
        for node in nodes
        for inner in ast.walk(node)
    )


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
        or (isinstance(inner, ast.Raise) and inner.exc is not None and "'AssertionError'" in ast.dump(inner.exc))
        or (isinstance(inner, ast.Name) and inner.id in helpers)
        or (
            isinstance(inner, ast.Attribute)
            and (inner.attr in ("raises", "assertRaises") or inner.attr.startswith("assert_"))
        )
        for inner in ast.walk(node)
    )


def _dump(nodes: Sequence[ast.AST]) -> str:
    return " ".join(ast.dump(node) for node in nodes)


def _wrapped(node: ast.stmt, lines: list[bytes], units: list[tuple[int, str]]) -> ast.stmt:
    """`S` becomes: try S; on any exception report the failure, else report that it held."""
    unit = len(units)
    text = lines[node.lineno - 1 : node.end_lineno]
    text[-1] = text[-1][: node.end_col_offset]  # first, as both may be of one line
    text[0] = text[0][node.col_offset :]
    units.append((node.lineno, b"\n".join(text).decode(errors="replace")))
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert) and isinstance(inner.test, ast.Compare) and len(inner.test.ops) == 1:
            sign = type(inner.test.ops[0]).__name__
            if sign in COMPARISONS and ast.dump(inner.test.left) != ast.dump(inner.test.comparators[0]):
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
