"""A Python program's tests once more, in one process with it: what an accepted program must get past as well where more
than plain values went between the two.

Apart from its program a test sees copies: of an argument that the program keeps, of an object whose class it may not
judge, of a number of numpy's. Whatever that hides shows here, where nothing is copied; and what a program could do to
tests in its own process does not help it, because they have passed apart from it already. A second run never makes a
verdict better.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import replace

import syntax
from sandbox.judge.reaching import LONGEST
from sandbox.report import Limits, Program, Report, Verdict

PLAIN_MODULES = frozenset(
    [
        "__future__",
        "bisect",
        "cmath",
        "collections",
        "copy",
        "functools",
        "heapq",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "statistics",
        "string",
        "sys",
        "textwrap",
        "typing",
        "unicodedata",
    ]
)
"""Of these a program needs nothing that could come out of the copying as something else."""
BUILTINS = frozenset(name for name in vars(builtins) if not name.startswith("_"))


def needed(program: Program) -> bool:
    """Whether the tests are more than calls with written values, each compared with a written value, or the program has
    classes or modules that make other things than plain values.
    """
    if len(program.tests) + len(program.code) > LONGEST:
        return True
    try:
        tests, code = syntax.module(program.tests), syntax.module(program.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return not (all(map(_plain, tests.body)) and all(map(_makes_plain, ast.walk(code))))


def joined(program: Program) -> Program:
    """One program that executes the program and then its tests, and ends with status 0 where these pass."""
    parts = {"CODE": program.code, "TESTS": program.tests, "ENTRY": program.entry_point}
    written = "\n".join(f"{name} = {value!r}" for name, value in parts.items())
    return replace(program, code=f"{written}\n{_HARNESS}", tests="", entry_point=None, lint=False)


def room(limits: Limits) -> Limits:
    """The limits of the second run: pytest's start, on a busy machine too, is no time of the program's."""
    return replace(limits, cpu_s=limits.cpu_s + 5, wall_s=limits.wall_s + 30)


def agreed(apart: Report, together: Report) -> Report:
    """What is left of an accepted report after the same tests ran in one process with the program."""
    if together.verdict is Verdict.sandbox_fault or (together.exit_code == 0 and together.signal is None):
        return together if together.verdict is Verdict.sandbox_fault else apart
    stages = (*apart.stages[:-1], replace(apart.stages[-1], ok=False))
    told = [line[2:].strip() for line in together.stdout.splitlines() if line.startswith("E  ")]  # pytest's
    said = (told or together.stderr.strip().splitlines()[-1:] or [together.detail])[0][:200]
    detail = f"Its tests pass apart from it, and do not in one process with it ({together.verdict}: {said})."
    return replace(apart, verdict=Verdict.untested, stages=stages, detail=detail)


def _plain(statement: ast.stmt) -> bool:
    """Whether a statement of the tests only compares what calls with written values give."""
    if isinstance(statement, ast.FunctionDef):
        return not statement.decorator_list and all(map(_plain, statement.body))
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return _modules(statement) <= PLAIN_MODULES | {"solution", "pytest"}
    if isinstance(statement, ast.Assert):
        return _value(statement.test)
    if isinstance(statement, ast.Assign):
        return all(isinstance(target, ast.Name) for target in statement.targets) and _written(statement.value)
    if isinstance(statement, ast.With):
        return all(map(_raises, statement.items)) and all(map(_plain, statement.body))
    if isinstance(statement, ast.Expr):
        return _value(statement.value) or _checks(statement.value)
    return isinstance(statement, ast.Pass)


def _raises(item: ast.withitem) -> bool:
    call = item.context_expr
    return (
        item.optional_vars is None
        and isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "raises"
        and all(isinstance(argument, ast.Name) for argument in call.args)
    )


def _checks(node: ast.expr) -> bool:
    """Whether it is `check(function)`."""
    named = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check"
    return named and all(isinstance(argument, ast.Name) for argument in node.args)  # type: ignore[attr-defined]


def _value(node: ast.expr, inner: bool = False) -> bool:
    """`inner`: whether it goes to a function of the program, which may be given no answer of another call."""
    if isinstance(node, ast.Call):
        named = isinstance(node.func, ast.Name)
        own = named and node.func.id in BUILTINS  # type: ignore[attr-defined]
        of_module = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in PLAIN_MODULES
        if not (named or of_module) or (inner and not own):
            return False
        given = [*node.args, *(word.value for word in node.keywords)]
        return all(_value(part, inner or not (own or of_module)) for part in given)
    if isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp | ast.BinOp | ast.Subscript):
        return all(_value(part, inner) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
    if isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.Starred | ast.Slice):
        return all(_value(part, inner) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
    return isinstance(node, ast.Constant)


def _written(node: ast.expr) -> bool:
    return not any(isinstance(part, ast.Call | ast.Name | ast.Lambda | ast.Attribute) for part in ast.walk(node))


def _makes_plain(node: ast.AST) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return _modules(node) <= PLAIN_MODULES
    return not isinstance(node, ast.ClassDef) and getattr(node, "id", "") not in ("__import__", "type", "exec", "eval")


def _modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return {name.partition(".")[0] for name in names}


_HARNESS = '''
import ast, builtins, linecache, sys, types

solution = types.ModuleType("solution")
solution.__file__ = "solution.py"
sys.modules["solution"] = sys.modules["__main__"] = solution
linecache.cache["solution.py"] = (len(CODE), None, CODE.splitlines(keepends=True), "solution.py")
exec(compile(CODE.encode(), "solution.py", "exec", dont_inherit=True), solution.__dict__)
tree = ast.parse(TESTS)
kinds = ast.FunctionDef | ast.AsyncFunctionDef
defined = {node.name for node in tree.body if isinstance(node, kinds)}
called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
check = ENTRY is not None and "check" in defined and "check" not in called


class Names(dict):
    """Of the program's names what they stand for now; a built-in function keeps its name, but for the one asked for."""

    def __missing__(self, name):
        held = solution.__dict__
        return held[name] if name in held and (name == ENTRY or not hasattr(builtins, name)) else vars(builtins)[name]


if any(isinstance(node, ast.ClassDef) for node in tree.body) or any(name.startswith("test") for name in defined - called):
    with open("/tmp/test_of_it.py", "w", encoding="utf-8", errors="surrogatepass") as file:
        file.write(TESTS)
        if check:
            file.write(f"\\ncheck({ENTRY})\\n")
    import asyncio, inspect, pytest

    class Coroutines:
        """Runs tests that are coroutines, which pytest has no runner of its own for."""

        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(self, pyfuncitem):
            if inspect.iscoroutinefunction(pyfuncitem.obj):
                names = pyfuncitem._fixtureinfo.argnames
                asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
                return True

    # There the names stand before the test module does, and what of them is called test_... is none of its tests.
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for name, value in list(solution.__dict__.items()):
        if name in read | {ENTRY} and (name == ENTRY or not hasattr(builtins, name)):
            setattr(builtins, name, value)
    status = pytest.main(
        ["-q", "-x", "--no-header", "-p", "no:cacheprovider", "--assert=plain", "-W", "ignore", "/tmp/test_of_it.py"],
        [Coroutines()],
    )
    sys.exit(0 if status in (0, 5) else 1)
names = Names(__name__="tests")
exec(compile(TESTS, "tests.py", "exec", dont_inherit=True), names, names)
if check:
    names["check"](names[ENTRY])
'''
