"""The tests' own process: runs the assertion script against stubs that call into the program. Runs in the container.

It alone sees the tests and what they expect, and reports each result on a pipe the program has no handle to. A value
from the program is data by the time a test sees it; an object that is not plain data is a `Handle`, never equal to
anything plain.
"""

import ast
import functools
import operator
import os
import signal
import sys
import traceback
import types
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.inside import confine, pytest_subset, wire
from sandbox.inside.handles import Handle
from sandbox.inside.names import Names, named, solution_module
from sandbox.inside.stubs import FAILURE, ProgramGone, Session

RESULTS = 3
FILE = "tests.py"
MAX_TESTS = 500
"""Results that are sent; after them one that is worse than all of these."""


def run_tests() -> None:
    """The life of the process: job, wait for the program to load, run the script, say that it is done. Does not
    return.
    """
    job = wire.receive(RESULTS)
    confine.limit(job["limits"])
    os.chdir("/tmp")
    session = Session()
    results = Results(session)
    broken_script = None
    try:
        script = instrument(job["tests"])
        session.wait_until_loaded()
        run_script(script, results, job["entry_point"])
    except ProgramGone:
        pass
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        broken_script = f"{type(error).__name__}: {error}"
    sys.stdout.flush()
    sys.stderr.flush()
    done = {"calls": session.calls, "broken": session.broken, "script": broken_script, "sent": results.sent}
    done["judged"] = session.judged
    wire.send(RESULTS, {"done": done})
    while True:  # to leave would close the channel and end the program, which has to be seen alive to the end
        signal.pause()


class Results:
    """The results so far, and the pipe they go out on: one a unit, and once failed it stays failed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.held: dict[int, int] = {}
        self.sent = 0
        """How many results went out: one that does not arrive is missed."""

    def record(
        self, unit: int, line: int, source: str, error: BaseException | None, got: str | None, void: str | None = None
    ) -> None:
        """Send one result. `void`: why it passed for nothing. A statement in a function that is called twice counts
        once, by the worst that came of it.
        """
        rank = 2 if error is not None else 1 if void else 0
        if rank <= self.held.get(unit, -1) or (len(self.held) >= MAX_TESTS and rank <= max(self.held.values())):
            return  # past that many, only what is worse than anything told
        self.held[unit] = rank
        message = void or "" if error is None else self.session.broken or _reason(error, got)
        test = {"index": unit, "line": line, "source": source[:400], "passed": rank == 0, "message": message[:1000]}
        self.sent += 1
        cause = None if error is None else _failure_of(error)
        cause = cause and {**cause, "message": cause["message"][:400]}
        wire.send(RESULTS, {"test": test, "void": rank == 1, "cause": cause})


def _failure_of(error: BaseException) -> dict[str, Any] | None:
    """What the program said of an exception it raised; None for an exception of the test script's own."""
    failure: dict[str, Any] | None = error.__dict__.get(FAILURE)
    return failure


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
    tree = _Counted().visit(tree)
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
    `assert...` and `raises`, and an exception that the script catches. `all` over nothing, and `not any`, make none.
    """

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        self.generic_visit(node)
        inner = (
            node.test.operand if isinstance(node.test, ast.UnaryOp) and isinstance(node.test.op, ast.Not) else node.test
        )
        over = inner.func if isinstance(inner, ast.Call) and len(inner.args) == 1 else None
        if isinstance(over, ast.Name) and over.id in ("all", "any") and isinstance(inner, ast.Call):
            inner.args = [_call("_lab_each", over, inner.args[0])]
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
            if sign in _COMPARISONS:
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


_COMPARISONS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
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
_OPPOSITE = {"Lt": "Gt", "Gt": "Lt", "LtE": "GtE", "GtE": "LtE"}


def run_script(script: Script, results: Results, entry_point: str | None) -> None:
    """Execute the script, then start what it only defines: `check(candidate)`, `test_*` functions, unittest cases."""
    session = results.session
    names = Names(session, entry_point)
    last: list[str | None] = [None]
    before: list[str | None] = [None]
    made = [0]

    def begin(leaks: bool) -> None:
        """`leaks`: what an object decides in this statement may be known to those after it."""
        last[0], made[0] = None, 0
        before[0] = None if leaks else session.judged or ""

    def count(value: Any = None) -> Any:
        made[0] += 1
        if isinstance(value, Handle) and not object.__getattribute__(value, "_lab_built"):
            session.judge("the test asks whether an object of the program is true")
        return value

    def full(value: Any) -> Any:
        if not isinstance(value, Handle) and getattr(value, "size", value) in (0, [], ()):
            session.judge("it compares an empty array")
        return value

    def each(function: Any, items: Any) -> Any:
        """The items of `all` and `any`: a comparison is made where there is one, or the script has its own `all`."""
        if function not in (all, any):
            return count(items)
        return map(count, items)

    def compare(sign: str, flipped: bool, left: Any, right: Any) -> Any:
        words, function = _COMPARISONS[sign]
        outcome = function(left, right)
        if not outcome:
            got, expected = (right, left) if flipped else (left, right)
            if flipped:
                words = _COMPARISONS[_OPPOSITE.get(sign, sign)][0]
            last[0] = f"expected {words}{_show(expected)}, got {_show(got)}"
        return outcome

    def void() -> str | None:
        reason, made[0] = session.judged if made[0] else "it compared nothing", 0
        return reason

    def record(unit: int, error: BaseException | None) -> None:
        line, text = script.units[unit]
        results.record(unit, line, text, error, last[0], void())
        if before[0] is not None:
            session.judged = before[0] or None
        if isinstance(error, ProgramGone):
            raise error

    names.update(_lab_made=count, _lab_each=each, _lab_full=full)
    names.update(_lab_begin=begin, _lab_compare=compare, _lab_record=record, _lab_base=BaseException)
    sys.modules["solution"] = solution_module(names)
    sys.modules["pytest"] = pytest_subset.module()
    first = len(script.units)
    if not _attempt(results, first, lambda: exec(script.code, names)):
        return
    for number, name in enumerate(script.starts, first + 1):
        function = names[name]
        needed = (
            function.__code__.co_argcount - len(function.__defaults__ or ()) if hasattr(function, "__code__") else 0
        )
        if name == "check" and needed:
            _attempt(results, number, functools.partial(_check, function, session, entry_point))
        elif needed == 0:
            _attempt(results, number, function)
    for number, name in enumerate(script.cases, 1):
        _run_cases(names[name], results, first + 1000 * number, void)


def _attempt(results: Results, unit: int, step: Callable[[], Any]) -> bool:
    """Do one step of the script; an exception that no unit caught is a failed test of its own."""
    try:
        step()
    except ProgramGone:
        raise
    except BaseException as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE]
        line = (frames[-1].lineno or 0) if frames else 0
        results.record(unit, line, (frames[-1].line or "") if frames else "", error, None)
        return False
    return True


def _check(function: Callable[[Any], Any], session: Session, entry_point: str | None) -> None:
    function(_candidate(session, entry_point))


def _candidate(session: Session, entry_point: str | None) -> Any:
    if entry_point is None:
        raise NameError("the tests define check(candidate) but no entry point was named")
    if entry_point not in session.names:
        raise NameError(f"the program does not define {entry_point!r}")
    return named(session, entry_point)


def _run_cases(case: Any, results: Results, first: int, void: Callable[[], str | None]) -> None:
    import unittest

    for number, test in enumerate(unittest.defaultTestLoader.loadTestsFromTestCase(case)):
        outcome = unittest.TestResult()
        void()  # what was compared before is no comparison of this one
        if not _attempt(results, first + number, functools.partial(test.run, outcome)):
            continue
        if results.session.broken:
            raise ProgramGone
        bad = [text for _, text in (*outcome.failures, *outcome.errors)]
        error = AssertionError(bad[0].strip().splitlines()[-1]) if bad else None
        results.record(first + number, 0, str(test), error, None, void())


def _reason(error: BaseException, got: str | None) -> str:
    failure = _failure_of(error)
    if failure is None and isinstance(error, AssertionError):
        return " - ".join(part for part in (_safe(str, error), got) if part) or "the assertion does not hold"
    said = str(failure["message"]) if failure else _safe(str, error)
    kind = str(failure["type"]) if failure else type(error).__name__
    where = f" (line {failure['line']} of the program)" if failure and failure["line"] else ""
    return f"raised {kind}" + (f": {said}" if said else "") + where


def _show(value: Any) -> str:
    text = _safe(repr, value)
    return text if len(text) <= 300 else text[:280] + f"... ({len(text)} characters)"


def _safe(render: Callable[[Any], str], value: Any) -> str:
    try:
        return render(value)
    except ProgramGone:
        raise
    except BaseException as error:
        return f"<{type(value).__name__} that cannot be shown: {type(error).__name__}>"
