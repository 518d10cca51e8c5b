"""How a Python test script is written where it gives names their meaning: parameters, `parametrize`, values that nobody changes."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (*FUNCTIONS, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Module, ast.ClassDef)
NO_ANSWERS = frozenset(dir(builtins)) | frozenset(
    ("np", "numpy", "pd", "pandas", "pytest", "unittest", "math", "approx", "raises", "isclose")
)
"""Names that a script may use without an import; they are none of the program's."""
REACHING = frozenset(
    (
        "globals",
        "locals",
        "vars",
        "eval",
        "exec",
        "getattr",
        "sys",
        "inspect",
        "gc",
        "importlib",
        "attrgetter",
        "methodcaller",
    )
)
"""Names by which a script comes to a value whose name is not read."""
PUTS = frozenset(
    ("append", "appendleft", "extend", "insert", "add", "update", "put", "put_nowait", "write", "setdefault")
)
"""Methods by which the program puts something into an object of the script when it is given them: `walk(tree, seen.append)`."""
PUTTING = frozenset(
    ("heappush", "heappushpop", "heapreplace", "insort", "insort_left", "insort_right", "setitem", "setattr")
)
"""Functions that put the rest of what they are given into the first."""
_NUMBERS = frozenset(("len", "sum", "abs", "int", "float", "str", "bool", "round", "repr", "ord", "chr", "hash", "id"))


def arguments(given: ast.arguments) -> list[ast.arg]:
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]


def parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple | ast.List) else []


def is_a_test(case: ast.ClassDef) -> bool:
    return case.name.startswith("Test") or any("TestCase" in ast.dump(base) for base in case.bases)


def expects_an_error(block: ast.With) -> bool:
    """Whether what is raised in it ends no test: `with pytest.raises(ValueError):`."""
    said = " ".join(ast.dump(item.context_expr) for item in block.items).lower()
    return "raises" in said or "suppress" in said


def conditions(node: ast.AST, above: Mapping[ast.AST, ast.AST]) -> Iterator[ast.expr]:
    """What says whether a statement is run, in its function. `above`: what each node stands in."""
    at: ast.AST | None = node
    while at is not None and not isinstance(at, SCOPES):
        if isinstance(at, ast.For | ast.AsyncFor):
            yield at.iter
        elif isinstance(at, ast.While | ast.If | ast.IfExp):
            yield at.test
        elif isinstance(at, ast.Match):
            yield at.subject
        elif isinstance(at, ast.Try) or (isinstance(at, ast.With) and expects_an_error(at)):
            yield from (inner for inner in ast.walk(at) if isinstance(inner, ast.Call))
        at = above.get(at)


def given_apart(call: ast.Call) -> Iterator[ast.expr]:
    """What a call gives, and of `partial(note, log)` what that is made of."""
    for item in (*call.args, *(word.value for word in call.keywords)):
        name = getattr(item.func, "id", getattr(item.func, "attr", "")) if isinstance(item, ast.Call) else ""
        yield from given_apart(item) if isinstance(item, ast.Call) and name == "partial" else [item]


def leaves(node: ast.AST) -> bool:
    """Whether what comes after it may not be come to."""
    return any(isinstance(inner, ast.Return | ast.Raise | ast.Break | ast.Continue) for inner in ast.walk(node))


def is_number(node: ast.expr) -> bool:
    """Whether it is a number or a text, which nobody changes."""
    if isinstance(node, ast.Constant | ast.JoinedStr | ast.Compare):
        return True
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in _NUMBERS
    if isinstance(node, ast.UnaryOp | ast.BinOp | ast.Tuple):
        return all(is_number(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
    return False


def parametrized(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
) -> Iterator[tuple[str, Sequence[ast.expr]]]:
    """By parameter what `parametrize` gives it."""
    for mark in node.decorator_list:
        if not isinstance(mark, ast.Call) or getattr(mark.func, "attr", "") != "parametrize" or len(mark.args) < 2:
            continue
        said = mark.args[0]
        names = said.value.split(",") if isinstance(said, ast.Constant) and isinstance(said.value, str) else []
        names = [*names, *(str(part.value) for part in parts(said) if isinstance(part, ast.Constant))]
        rows = [_row(row) for row in parts(mark.args[1])]
        for at, name in enumerate(names):
            whole = not rows or len(names) == 1 or any(len(row) != len(names) for row in rows)
            yield name.strip(), [mark.args[1]] if whole else [row[at] for row in rows]


def _row(row: ast.expr) -> list[ast.expr]:
    if isinstance(row, ast.Call) and getattr(row.func, "attr", "") == "param":
        return row.args
    return parts(row)
