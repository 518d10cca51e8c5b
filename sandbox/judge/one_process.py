"""A program's tests once more, in one process with it: what an accepted program must get past as well, and what says of
one that failed whether that was the border's doing. Of Python's only where more than plain values went between the two.

Apart from its program a test sees copies: of an argument that the program keeps, of an object whose class it may not
judge, of a number of numpy's. Whatever that hides shows here, where nothing is copied; and what a program could do to
tests in its own process does not help it, because they have passed apart from it already. What fails apart and passes here
is `untested`: the border could not carry what its tests are about, or the program overcame them. No second run ever makes
a program accepted.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import replace

import syntax
from sandbox.judge.reaching import LONGEST
from sandbox.report import Limits, Program, Report, Verdict

UNASKED = frozenset([Verdict.parse_error, Verdict.lint_error, Verdict.untested, Verdict.sandbox_fault])
"""Verdicts of a run apart that no second run can change. A limit is not among them: a call that crosses takes time and
memory, and a file of the tests is closed to the program.
"""
ASKED_OF_CALLS = frozenset(
    [Verdict.accepted, Verdict.test_failure, Verdict.runtime_error, Verdict.compile_error, Verdict.forbidden]
)
"""Those of calls that were compared on the host: a driver made them, and it, too, is compiled and may be what failed."""
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
CHANGED = frozenset(
    ["eval", "exec", "nan", "setattr", "delattr", "getattr", "globals", "locals", "vars", "type", "id", "input", "open"]
)
"""Names of a program that may change what others mean, make what a copy is not equal to, or see that it is apart; so may
all that begin with an underscore.
"""
VIEWS = frozenset(["items", "keys", "values"])
OWN = frozenset(vars(builtins)) | {"isclose"}
"""Names that mean the real ones in tests apart, whatever the program calls so."""


def needed(program: Program) -> bool:
    """Whether a Python program's tests are more than calls with written values, each compared with a written value, or the
    program has classes or modules that make other things than plain values, gives built-in names another meaning, or asks for
    identity or its surroundings.
    """
    if len(program.tests) + len(program.code) > LONGEST:
        return True
    try:
        tests, code = syntax.module(program.tests), syntax.module(program.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    named = {name for node in _outside_functions(code.body) for name in _bound(node)}
    return bool(named & OWN) or not (all(map(_plain, tests.body)) and all(map(_makes_plain, ast.walk(code))))


def joined(program: Program, status: int) -> Program:
    """One Python program that executes the program and then its tests, and ends with `status` where these pass: no exit of its own
    does that by chance.
    """
    what = (program.code, program.tests, program.entry_point, status)
    code = f"from sandbox.inside.testing.one_process import run\nrun{what!r}\n"
    return replace(program, code=code, tests="", entry_point=None, lint=False)


def room(limits: Limits, verdict: Verdict) -> Limits:
    """The limits of the second run: pytest's start, on a busy machine too, is no time of the program's. One that took too
    long apart is to be much faster here: else it is slow itself.
    """
    if verdict is Verdict.time_limit:
        return replace(limits, cpu_s=limits.cpu_s / 4 + 1)
    return (
        limits if verdict is Verdict.wall_limit else replace(limits, cpu_s=limits.cpu_s + 5, wall_s=limits.wall_s + 30)
    )


def agreed(apart: Report, together: Report, *, passed: bool) -> Report:
    """What is left of a report after the same tests ran in one process with the program, where they `passed` or not."""
    if together.verdict is Verdict.sandbox_fault:
        return together
    if passed == apart.accepted:
        return apart
    if passed:
        detail = f"Its tests pass in one process with it: the border between the two could not carry their objects ({apart.verdict}: {apart.detail[:200]})."
        return replace(apart, verdict=Verdict.untested, detail=detail)
    stages = (*apart.stages[:-1], replace(apart.stages[-1], ok=False))
    told = [line[2:].strip() for line in together.stdout.splitlines() if line.startswith("E  ")]  # pytest's
    last = together.stderr.strip().splitlines()[-1:] if together.stages[-1].name == "run" else []
    said = (told or last or [together.detail])[0][:200]
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
    if isinstance(node, ast.Compare) and any(isinstance(sign, ast.Is | ast.IsNot) for sign in node.ops):
        return any(isinstance(side, ast.Constant) for side in (node.left, *node.comparators))
    if isinstance(node, ast.Attribute):
        return isinstance(node.ctx, ast.Load) and node.attr not in CHANGED and not node.attr.startswith("_")
    name = getattr(node, "id", "")
    unusual = name in CHANGED or (name.startswith("__") and name != "__name__")
    return not isinstance(node, ast.ClassDef | ast.Global) and not unusual


def _outside_functions(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes and what is in them, but the bodies of functions."""
    for node in nodes:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _outside_functions(ast.iter_child_nodes(node))


def _bound(node: ast.AST) -> set[str]:
    """The names that a node of a module gives a meaning to."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).partition(".")[0]}
    return {node.id} if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else set()


def _modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return {name.partition(".")[0] for name in names}
