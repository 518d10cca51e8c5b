"""How a Python test script is written where it gives names their meaning: parameters, `parametrize`, values that nobody changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

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
