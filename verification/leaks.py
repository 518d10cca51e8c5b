"""Whether a text gives away the code it is about: code made from such a text proves nothing about the text."""

import ast

from verification.calls import function_of
from verification.extraction import FENCE
from verification.python_source import parse

LONG_LINE = 14
"""Characters, spaces left out, of a line of code that nobody writes by chance."""


def leaks_code(text: str, code: str) -> bool:
    """Whether `text` holds a code block, or a line of the program's (docstrings and signatures aside) word for word."""
    if FENCE in text:
        return True
    told = "".join(text.split())
    return any(line in told for line in _telling_lines(code))


def own_function(code: str, wanted: str, names: list[str]) -> str:
    """The function of a program that answers for `wanted`: the one of that name, else its last."""
    return wanted if function_of(code, wanted) or not names else names[-1]


def _telling_lines(code: str) -> list[str]:
    """Statements and conditions of the code, and the values they set, without white space."""
    tree = parse(code)
    if tree is None:
        segments: list[str | None] = list(code.splitlines())
    else:
        parts = [part for node in ast.walk(tree) for part in _parts(node)]
        segments = [ast.get_source_segment(code, part) for part in parts if part is not None]
    squeezed = ["".join((segment or "").split()) for segment in segments]
    return [text for text in squeezed if len(text) >= LONG_LINE]


def _parts(node: ast.AST) -> list[ast.AST | None]:
    if isinstance(node, ast.Return | ast.Assign | ast.AugAssign | ast.AnnAssign):
        return [node, node.value]
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        return [node.test]
    if isinstance(node, ast.For):
        return [node.iter]
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return [node] if isinstance(node, ast.Expr) and not is_text else []
