"""A test script rewritten so that it reports: which of its statements are tests, and which of its comparisons were made.
Runs in the container, in the tests' own process.
"""

import ast
import re
import types
from collections.abc import Iterable, Mapping, Sequence

from sandbox.inside.compared import COMPARISONS, FILE
from sandbox.inside.reading.calls import call
from sandbox.inside.reading.counted import Counted
from sandbox.inside.reading.handed import loosely_used
from sandbox.inside.reading.recording import Recording
from sandbox.inside.reading.sides import names_of_the_program, names_written, tells, walk
from sandbox.inside.reading.truths import says_whether

_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9_]*\b")
"""A word as constants are called."""


class Script:
    """A test script ready to run: the code, the units counted as tests (line, source), how it is to be started: its
    test functions (and whether the script itself uses their name), and its classes; `reads`: the names it uses, each
    with the attributes it reads of it; `loose`: of the program's constants those that it compares by a detour; `inner`:
    of each test function its units, of each method of a test class the line to which it has to come; `written`: texts in it.
    """

    def __init__(
        self,
        code: types.CodeType,
        units: list[tuple[int, str]],
        starts: list[tuple[str, bool]],
        classes: list[str],
        reads: dict[str, list[str]],
        loose: list[str],
        inner: Mapping[str, range],
        written: set[object],
    ) -> None:
        self.code, self.units, self.starts, self.classes, self.reads = code, units, starts, classes, reads
        self.loose, self.inner, self.written = loose, inner, written


def instrument(source: str) -> Script:
    """Wrap every statement that asserts, at the top level and in the bodies of `check` and `test_*`, so that it
    reports.

    A test goes on after a failed statement, so one report holds the result of each. Statements without an assert are
    left alone. Raises SyntaxError or ValueError where the script is no Python.
    """
    tree = ast.parse(source, FILE)
    tree.body = unguarded(tree.body)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    tests = [name for name in functions if name == "check" or name.startswith("test")]
    asserting = _asserting_functions(
        {name: node for name, node in functions.items() if name not in tests and not _is_fixture(node)}
    )
    started = called(tree.body)
    loose = loosely_used(tree) if _CAPITALS.search(source) else []
    units: list[tuple[int, str]] = []
    lines = source.replace("\r\n", "\n").replace("\r", "\n").encode().split(b"\n")

    def wrap(body: list[ast.stmt], held: frozenset[str] = frozenset()) -> list[ast.stmt]:
        return [
            _wrapped(node, lines, units) if _asserts(node, asserting) or _called_in(node) & held else node
            for node in body
        ]

    inner: dict[str, range] = {}
    for name in tests:
        first = len(units)
        functions[name].body = wrap(functions[name].body, _within(functions[name].body, asserting))
        inner[name] = range(first, len(units))
    for case in [node for node in tree.body if isinstance(node, ast.ClassDef)]:
        for method in case.body:
            if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and method.name.startswith("test"):
                inner[f"{case.name}.{method.name}"] = _marked(method, asserting)
    tree.body = wrap(tree.body)
    own = [node for node in walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    comparing = {
        node.name for node in own if not node.name.startswith("test") and node.name != "check" and says_whether(node)
    }
    reads, used = _read(walk(tree))
    written = _written(walk(tree))
    tree = Counted(comparing, {node.name: node for node in own}, names_of_the_program(tree)).visit(tree)
    starts = [(name, name in used) for name in tests if name not in started]
    return Script(_compiled(tree), units, starts, _classes(tree), reads, loose, inner, written)


def recording(source: str) -> Script:
    """The script with its comparisons told of, whatever comes of them; it has no units. Raises as `instrument` does."""
    tree = ast.parse(source, FILE)
    tree.body = unguarded(tree.body)
    nodes = list(walk(tree))
    own = [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    tests = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    tests = [name for name in dict.fromkeys(tests) if name == "check" or name.startswith("test")]
    (reads, used), started = _read(nodes), called(tree.body)
    tree = Recording(frozenset(own)).visit(tree)
    starts = [(name, name in used) for name in tests if name not in started]
    inner = dict.fromkeys(tests, range(0))
    return Script(_compiled(tree), [], starts, _classes(tree), reads, [], inner, _written(nodes))


def _written(nodes: Iterable[ast.AST]) -> set[object]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _read(nodes: Iterable[ast.AST]) -> tuple[dict[str, list[str]], frozenset[str]]:
    """The names that a script uses and does not bind, each with the attributes it reads of it, and all names in it."""
    found = list(nodes)
    used = frozenset(node.id for node in found if isinstance(node, ast.Name))
    own = names_written(found)  # what the program has under the name of a variable of the tests is none of theirs
    reads: dict[str, list[str]] = {name: [] for name in used if name not in own}
    for node in found:
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in reads
            and node.attr not in reads[node.value.id]
        ):
            reads[node.value.id].append(node.attr)
    return reads, used


def _compiled(tree: ast.Module) -> types.CodeType:
    ast.fix_missing_locations(tree)
    return compile(tree, FILE, "exec", dont_inherit=True)


def _classes(tree: ast.Module) -> list[str]:
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def _is_fixture(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether its name stands for what it gives, in a test that has a parameter of that name."""
    return "'fixture'" in _dump(node.decorator_list)


def called(body: Sequence[ast.stmt]) -> set[str]:
    """The functions that these statements call and do nothing else."""
    return {
        node.value.func.id
        for node in body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name)
    }


def unguarded(script: list[ast.stmt]) -> list[ast.stmt]:
    """The statements, and of `if __name__ == "__main__":` the body, without what only starts a runner: the tests are started
    here. Where there are tests that pytest collects, it is left out as pytest leaves it out.
    """
    collected = any(map(_is_collected, script))
    statements: list[ast.stmt] = []
    for node in script:
        if is_guard(node):
            statements += [] if collected else [inner for inner in node.body if not _starts_a_runner(inner)]  # type: ignore[attr-defined]
        elif not _starts_unittest(node):
            statements.append(node)
    return statements


def is_guard(node: ast.stmt) -> bool:
    """Whether it is `if __name__ == "__main__":`."""
    return isinstance(node, ast.If) and "'__name__'" in _dump([node.test]) and "'__main__'" in _dump([node.test])


def _is_collected(node: ast.stmt) -> bool:
    function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
    return function or (
        isinstance(node, ast.ClassDef) and (node.name.startswith("Test") or "TestCase'" in _dump([*node.bases]))
    )


def _starts_unittest(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and "id='unittest'" in _dump([node]) and "attr='main'" in _dump([node])


def _starts_a_runner(node: ast.stmt) -> bool:
    said = _dump([node])
    of_one = "'unittest'" in said or "'pytest'" in said
    return of_one and not _asserts(node, frozenset()) and "attr='assert" not in said


def _within(body: Sequence[ast.stmt], helpers: frozenset[str]) -> frozenset[str]:
    """Functions in a test function that assert: `async def main(): ...`, which `asyncio.run(main())` runs. Where one is only
    handed on it may never be called.
    """
    held = {node.name: node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return _asserting_functions(held, helpers) & held.keys() if held else frozenset()


def _called_in(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return set()
    return {getattr(inner.func, "id", "") for inner in walk(node) if isinstance(inner, ast.Call)}


def _asserting_functions(
    functions: Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef], found: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The helpers whose call is a test because they assert, themselves or through another. `found`: those known before."""
    while True:
        more = found.union(name for name, node in functions.items() if any(_asserts(s, found) for s in node.body))
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
        for inner in walk(node)
    )


def _marked(method: ast.FunctionDef | ast.AsyncFunctionDef, helpers: frozenset[str]) -> range:
    """Have a method say that it comes to the last of its statements that asserts, by the number of its line."""
    asserting = [at for at, node in enumerate(method.body) if _asserts(node, helpers) or tells([node])]
    if not asserting:
        return range(0)
    line = method.body[asserting[-1]].lineno
    method.body.insert(asserting[-1], ast.Expr(call("_lab_came", ast.Constant(line))))
    return range(line, line + 1)


def _dump(nodes: Sequence[ast.AST]) -> str:
    return " ".join(ast.dump(node) for node in nodes)


def _wrapped(node: ast.stmt, lines: list[bytes], units: list[tuple[int, str]]) -> ast.stmt:
    """`S` becomes: try S; on any exception report the failure, else report that it held."""
    unit = len(units)
    text = lines[node.lineno - 1 : node.end_lineno]
    text[-1] = text[-1][: node.end_col_offset]  # first, as both may be of one line
    text[0] = text[0][node.col_offset :]
    units.append((node.lineno, b"\n".join(text).decode(errors="replace")))
    for inner in walk(node):
        if isinstance(inner, ast.Assert) and isinstance(inner.test, ast.Compare) and len(inner.test.ops) == 1:
            sign = type(inner.test.ops[0]).__name__
            if sign in COMPARISONS and ast.dump(inner.test.left) != ast.dump(inner.test.comparators[0]):
                flipped = _is_literal(inner.test.left) and not _is_literal(inner.test.comparators[0])
                inner.test = call(
                    "_lab_compare",
                    ast.Constant(sign),
                    ast.Constant(flipped),
                    inner.test.left,
                    inner.test.comparators[0],
                )
    error = ast.Name("_lab_error", ast.Load())
    handler = ast.ExceptHandler(
        ast.Name("_lab_base", ast.Load()), "_lab_error", [ast.Expr(call("_lab_record", ast.Constant(unit), error))]
    )
    held = ast.Expr(call("_lab_record", ast.Constant(unit), ast.Constant(None)))
    node = _Leaving(held).visit(node)
    leaks = not isinstance(node, ast.Assert) or any(isinstance(inner, ast.NamedExpr) for inner in walk(node))
    begin = ast.Expr(call("_lab_begin", ast.Constant(leaks)))
    attempt = ast.Try(body=[begin, node], handlers=[handler], orelse=[held], finalbody=[])
    return ast.copy_location(attempt, node)


class _Leaving(ast.NodeTransformer):
    """Has a `return` say first that what came before it held."""

    def __init__(self, held: ast.stmt) -> None:
        self.held = held

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        return [self.held, node] if node.value is None or isinstance(node.value, ast.Constant) else [node]

    def visit_FunctionDef(self, node: ast.stmt) -> ast.stmt:
        return node

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef


def _is_literal(node: ast.expr) -> bool:
    return not any(isinstance(inner, ast.Call | ast.Name | ast.Attribute) for inner in walk(node))
