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
        "textwrap",
        "typing",
        "unicodedata",
    ]
)
"""Of these a program needs nothing that could come out of the copying as something else."""
SEEN_ALIKE = frozenset(
    ["abs", "all", "any", "bool", "float", "int", "len", "max", "min", "round", "set", "sorted", "sum"]
)
"""Built-in functions that say the same of a copy."""
CHANGED = frozenset(["__import__", "eval", "exec", "nan", "setattr", "type"])
"""Names of a program that may change what others mean, or make what a copy is not equal to."""
VIEWS = frozenset(["items", "keys", "values"])
OWN = frozenset(vars(builtins)) | {"isclose"}
"""Names that mean the real ones in tests apart, whatever the program calls so."""


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
    named = {name for node in code.body for name in _bound(node)}
    return bool(named & OWN) or not (all(map(_plain, tests.body)) and all(map(_makes_plain, ast.walk(code))))


def joined(program: Program, status: int) -> Program:
    """One program that executes the program and then its tests, and ends with `status` where these pass: no exit of its own
    does that by chance.
    """
    parts = {"CODE": program.code, "TESTS": program.tests, "ENTRY": program.entry_point, "STATUS": status}
    written = "\n".join(f"{name} = {value!r}" for name, value in parts.items())
    return replace(program, code=f"{written}\n{_HARNESS}", tests="", entry_point=None, lint=False)


def room(limits: Limits) -> Limits:
    """The limits of the second run: pytest's start, on a busy machine too, is no time of the program's."""
    return replace(limits, cpu_s=limits.cpu_s + 5, wall_s=limits.wall_s + 30)


def agreed(apart: Report, together: Report, status: int) -> Report:
    """What is left of an accepted report after the same tests ran in one process with the program."""
    if together.verdict is Verdict.sandbox_fault:
        return together
    if together.exit_code == status:
        return apart
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
    if isinstance(statement, ast.Expr):
        return _value(statement.value) or _checks(statement.value)
    return isinstance(statement, ast.Pass)


def _checks(node: ast.expr) -> bool:
    """Whether it is `check(function)`."""
    named = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check"
    return named and all(isinstance(argument, ast.Name) for argument in node.args)  # type: ignore[attr-defined]


def _value(node: ast.expr, inner: bool = False) -> bool:
    """`inner`: whether it goes to a function of the program, which may be given no answer of another call."""
    if isinstance(node, ast.Call):
        named = isinstance(node.func, ast.Name)
        own = named and node.func.id in SEEN_ALIKE  # type: ignore[attr-defined]
        of_module = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in PLAIN_MODULES
        other = named and not own and node.func.id in OWN  # type: ignore[attr-defined]
        if other or not (named or of_module) or (inner and not own):
            return False
        given = [*node.args, *(word.value for word in node.keywords)]
        return all(_value(part, inner or not (own or of_module)) for part in given)
    if isinstance(node, ast.Compare) and any(isinstance(sign, ast.Is | ast.IsNot) for sign in node.ops):
        sides = (node.left, *node.comparators)
        if not any(isinstance(side, ast.Constant) and side.value in (None, True, False) for side in sides):
            return False
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
    if isinstance(node, ast.Return | ast.Yield):
        return getattr(getattr(node.value, "func", None), "attr", "") not in VIEWS
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Load) and node.attr not in CHANGED
    return not isinstance(node, ast.ClassDef) and getattr(node, "id", "") not in CHANGED


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement of a module gives a meaning to."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {node.id for node in names if isinstance(node.ctx, ast.Store)}


def _modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return {name.partition(".")[0] for name in names}


_HARNESS = '''
import ast, builtins, linecache, re, sys, types

solution = types.ModuleType("solution")
solution.__file__ = "solution.py"
sys.modules["solution"] = sys.modules["__main__"] = solution
linecache.cache["solution.py"] = (len(CODE), None, CODE.splitlines(keepends=True), "solution.py")
exec(compile(CODE.encode(), "solution.py", "exec", dont_inherit=True), solution.__dict__)
tree = ast.parse(TESTS)
body, calls = [], set()
for node in tree.body:
    if isinstance(node, ast.If) and re.match("if __name__ == .__main__.:", ast.unparse(node)):
        starts = ("unittest.main", "pytest.main", "TextTestRunner")
        body += [inner for inner in node.body if not any(start in ast.unparse(inner) for start in starts)] + node.orelse
    else:
        body.append(node)
for node in body:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        calls.add(getattr(node.value.func, "id", ""))
defined = {node.name for node in body if isinstance(node, ast.FunctionDef)}
imports = any(isinstance(node, ast.ImportFrom) and node.module == "solution" for node in ast.walk(tree))
if ENTRY is not None and "check" in defined and "check" not in calls:
    body += ast.parse(f"check({ENTRY})").body
started = bool(re.search("[tT]est", TESTS))
if started:  # pytest starts what is called so
    body = [node for node in body if not (isinstance(node, ast.Expr) and getattr(getattr(
        node.value, "func", None), "id", "").startswith("test") and not node.value.args)]
source = ast.unparse(ast.Module(body, []))


class Names(dict):
    """Of the program's names what they stand for now. Where the tests import from it, built-in ones are the real ones."""

    def __missing__(self, name):
        held, real = solution.__dict__, vars(builtins)
        mine = name in held and not name.startswith("__") and (name == ENTRY or not imports or name not in real)
        return held[name] if mine else real[name]


if not started:
    names = Names(__name__="tests")
    exec(compile(source, "tests.py", "exec", dont_inherit=True), names, names)
    sys.exit(STATUS)
import asyncio, inspect, os, pytest

read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {ENTRY}
names = Names()
builtins._lab_names = names
given = "__builtins__ = __import__('builtins')._lab_names\\n"  # for functions; the module's own lines have what follows
for name in read & solution.__dict__.keys():
    if name in vars(builtins) and names[name] is not vars(builtins)[name]:
        given += f"{name} = __import__('solution').{name}\\n"
    elif name not in vars(builtins):
        setattr(builtins, name, names[name])
os.mkdir("/tmp/tests")
with open("/tmp/tests/test_of_it.py", "w", encoding="utf-8", errors="surrogatepass") as file:
    first = [node for node in body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    rest = [node for node in body if node not in first]
    file.write(ast.unparse(ast.Module(first, [])) + "\\n" + given + ast.unparse(ast.Module(rest, [])) + "\\n")


class Coroutines:
    """Runs tests that are coroutines, which pytest has no runner of its own for."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem):
        if inspect.iscoroutinefunction(pyfuncitem.obj):
            wanted = pyfuncitem._fixtureinfo.argnames
            asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in wanted}))
            return True


options = ["-q", "-x", "--no-header", "--noconftest", "-p", "no:cacheprovider", "--assert=plain", "-W", "ignore"]
status = pytest.main([*options, "/tmp/tests/test_of_it.py"], [Coroutines()])
none = status == 5 and not any(name.startswith("test") for name in defined)
sys.exit(STATUS if status == 0 or none else 1)
'''
