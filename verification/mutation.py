"""Small faults put into a solution on purpose: a test script that accepts the faulty program too does not test that part.

A mutant is an edit of the source text, so a reader sees the author's own lines in its diff. All of it is `ast` on the
host; nothing is compiled or run here. A mutant may mean the same as the original (an *equivalent*): no test can kill
that one, and nobody can tell in general, so a share below 1 is a hint and a share of 0 a finding.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass

from verification.python_source import parse

_COMPARED: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}
_COMMUTATIVE = frozenset({"min", "max", "gcd", "isclose"})
"""Calls whose arguments may be swapped: that mutant says the same."""
_SILENT = frozenset({"print"})
"""Calls no assertion can see."""


@dataclass(frozen=True)
class Mutant:
    """One fault: what kind, at which line of the original, and the whole faulty program."""

    kind: str
    line: int
    code: str
    diff: str


@dataclass(frozen=True)
class _Edit:
    """Characters start to end of the source become `text`."""

    kind: str
    line: int
    start: int
    end: int
    text: str


def mutants(code: str, *, at_most: int, roots: frozenset[str] = frozenset(), seed: int = 0) -> list[Mutant]:
    """At most `at_most` mutants, the kinds taking turns, in an order that code and seed decide. Only what the names in
    `roots` lead to is mutated (everything where they lead nowhere). Empty where the source cannot be read.
    """
    code = code.replace("\r\n", "\n").replace("\r", "\n")
    tree = parse(code)
    if tree is None:
        return []
    edits = list({(e.start, e.end, e.text): e for e in _Finder(_Source(code)).find(_reached(tree, roots))}.values())
    order = random.Random(f"{seed}/{hashlib.sha256(code.encode(errors='replace')).hexdigest()}")
    seen = {ast.dump(tree)}
    found: list[Mutant] = []
    for edit in _in_turns(edits, order):
        if len(found) >= at_most:
            break
        faulty = code[: edit.start] + edit.text + code[edit.end :]
        changed = parse(faulty)  # an edit may break the syntax, or say the same in other words
        if changed is not None and (dumped := ast.dump(changed)) not in seen:
            seen.add(dumped)
            found.append(Mutant(edit.kind, edit.line, faulty, _diff(code, faulty)))
    return found


def _reached(tree: ast.Module, roots: frozenset[str]) -> list[ast.stmt]:
    """The statements of the module that tests can notice: definitions that `roots` lead to, and what sets a variable
    those use. The rest (prints, examples, what `__name__` guards) is the author's own trying out.
    """
    definitions = {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    setting = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For)]
    known = roots if any(name in roots for name in definitions) else roots | frozenset(definitions)
    reached: list[ast.stmt] = []
    while True:
        more: list[ast.stmt] = [node for name, node in definitions.items() if name in known and node not in reached]
        more += [node for node in setting if _set_in(node) & known and node not in reached]
        if not more:
            return reached
        reached += more
        known |= {name for node in more for name in _used_in(node)}


def _used_in(statement: ast.stmt) -> set[str]:
    """The names it uses of those around it: a function's parameters and variables are its own."""
    if isinstance(statement, ast.ClassDef):
        outside = [node for node in ast.iter_child_nodes(statement) if not isinstance(node, ast.stmt)]
        named = {node.id for part in outside for node in ast.walk(part) if isinstance(node, ast.Name)}
        return named.union(*(_used_in(inner) for inner in statement.body))
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return {node.id for node in names}
    own = {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}
    own |= {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    own -= {name for node in ast.walk(statement) if isinstance(node, ast.Global) for name in node.names}
    return {node.id for node in names} - own


def _set_in(statement: ast.stmt) -> set[str]:
    """The names a statement at the top level sets, itself or an item of."""
    targets = [node for node in ast.walk(statement) if isinstance(getattr(node, "ctx", None), ast.Store)]
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _in_turns(edits: list[_Edit], order: random.Random) -> Iterator[_Edit]:
    """One of each kind, then another of each, so that a source full of constants is not all constants."""
    kinds: dict[str, list[_Edit]] = {}
    for edit in edits:
        kinds.setdefault(edit.kind, []).append(edit)
    for group in kinds.values():
        order.shuffle(group)
    names = sorted(kinds)
    order.shuffle(names)
    while any(kinds.values()):
        for name in names:
            if kinds[name]:
                yield kinds[name].pop()


class _Source:
    """The source, and where a node stands in it: ast counts bytes of UTF-8 within a line, edits count characters."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.lines = code.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def start(self, node: ast.AST) -> int:
        return self._at(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        return self._at(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def text(self, node: ast.AST) -> str:
        return self.code[self.start(node) : self.end(node)]

    def _at(self, line: int, column: int) -> int:
        before = self.lines[line - 1].encode("utf-8", "surrogatepass")[:column]
        return self.starts[line - 1] + len(before.decode("utf-8", "surrogatepass"))


class _Finder:
    """Every edit that makes a mutant of the statements given."""

    def __init__(self, source: _Source) -> None:
        self.source = source

    def find(self, body: list[ast.stmt]) -> Iterator[_Edit]:
        """Edits in these statements and everything in them, docstrings, annotations, decorators and prints left out."""
        waiting: list[ast.AST] = list(body)
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.JoinedStr | ast.Assert | ast.Import | ast.ImportFrom | ast.arg) or _is_silent(node):
                continue  # positions inside an f-string are not those of the source before Python 3.12
            yield from self._of(node)
            waiting += _within(node)

    def _of(self, node: ast.AST) -> Iterator[_Edit]:
        if isinstance(node, ast.Constant):
            yield from self._constant(node)
        elif isinstance(node, ast.Compare):
            yield from self._compare(node)
        elif isinstance(node, ast.BinOp):
            yield from self._arithmetic(node)
        elif isinstance(node, ast.BoolOp):
            word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield from self._between("boolean", left, right, word, other)
        elif isinstance(node, ast.UnaryOp):
            if isinstance(node.op, ast.Not | ast.USub):
                kind = "boolean" if isinstance(node.op, ast.Not) else "arithmetic"
                yield self._replace(kind, node, self._grouped(node.operand))
        elif isinstance(node, ast.If | ast.While | ast.IfExp):
            yield self._replace("boolean", node.test, f"not ({self.source.text(node.test)})")
        elif isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield self._replace("boolean", test, f"not ({self.source.text(test)})")
        elif isinstance(node, ast.Return):
            yield from self._return(node)
        elif isinstance(node, ast.Call):
            yield from self._call(node)
        elif isinstance(node, ast.Slice):
            for bound in (node.lower, node.upper):
                if bound is not None:
                    yield self._replace("off by one", bound, f"{self._grouped(bound)} + 1")
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Break | ast.Continue | ast.Raise | ast.Delete):
            yield self._replace("dropped statement", node, "pass")

    def _constant(self, node: ast.Constant) -> Iterator[_Edit]:
        value = node.value
        if isinstance(value, bool):
            yield self._replace("constant", node, str(not value))
        elif isinstance(value, int):
            kind = "constant" if abs(value) > 2 else "off by one"
            if len(self.source.text(node)) < 100:
                yield self._replace(kind, node, str(value + 1))
                yield self._replace(kind, node, str(value - 1) if value > 0 else "-1")
        elif isinstance(value, float):
            yield self._replace("constant", node, "0.0" if value else "1.0")
        elif isinstance(value, str):
            yield self._replace("constant", node, "''" if value else "'x'")

    def _compare(self, node: ast.Compare) -> Iterator[_Edit]:
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
            word, others = _COMPARED[type(operator)]
            for other in others:
                yield from self._between("comparison", left, right, word, other)

    def _arithmetic(self, node: ast.BinOp) -> Iterator[_Edit]:
        if type(node.op) not in _ARITHMETIC or (isinstance(node.op, ast.Mod) and _is_text(node.left)):
            return
        word, other = _ARITHMETIC[type(node.op)]
        yield from self._between("arithmetic", node.left, node.right, word, other)

    def _return(self, node: ast.Return) -> Iterator[_Edit]:
        if node.value is None:
            return
        value = node.value.value if isinstance(node.value, ast.Constant) else ...
        if value is not None:
            yield self._replace("return", node.value, "None")
        if value != 0:  # False == 0: no test could tell
            yield self._replace("return", node.value, "0")

    def _call(self, node: ast.Call) -> Iterator[_Edit]:
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        plain = not any(isinstance(argument, ast.Starred | ast.GeneratorExp) for argument in node.args)
        for left, right in zip(node.args, node.args[1:], strict=False):
            if not plain or name in _COMMUTATIVE:
                break
            middle = self.source.code[self.source.end(left) : self.source.start(right)]
            text = self.source.text(right) + middle + self.source.text(left)
            yield _Edit("swapped arguments", left.lineno, self.source.start(left), self.source.end(right), text)
        if name == "range" and node.args and plain:
            stop = node.args[min(1, len(node.args) - 1)]
            for change in ("+ 1", "- 1"):
                yield self._replace("off by one", stop, f"{self._grouped(stop)} {change}")

    def _between(self, kind: str, left: ast.expr, right: ast.expr, word: str, other: str) -> Iterator[_Edit]:
        """The operator stands between its operands, perhaps among parentheses, a comment, a line's end."""
        start, end = self.source.end(left), self.source.start(right)
        at = self.source.code.find(word, start, end)
        if at >= 0 and "#" not in self.source.code[start:at]:
            yield _Edit(kind, left.end_lineno or left.lineno, at, at + len(word), other)

    def _grouped(self, node: ast.expr) -> str:
        """The text of an operand, in parentheses where it might come apart."""
        whole = isinstance(node, ast.Name | ast.Constant | ast.Call | ast.Subscript | ast.Attribute)
        return self.source.text(node) if whole else f"({self.source.text(node)})"

    def _replace(self, kind: str, node: ast.AST, text: str) -> _Edit:
        return _Edit(kind, node.lineno, self.source.start(node), self.source.end(node), text)  # type: ignore[attr-defined]


def _within(node: ast.AST) -> Iterator[ast.AST]:
    """What is in a node and can matter to a test."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        body = node.body[1:] if _is_docstring(node.body[0]) else node.body
        yield from body
        if not isinstance(node, ast.ClassDef):
            yield from (default for default in [*node.args.defaults, *node.args.kw_defaults] if default is not None)
        return
    if isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield node.value
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Expr) and _is_docstring(child)):
            yield child


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and _is_text(node.value)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_silent(node: ast.AST) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _SILENT


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), "solution.py", "mutant.py", "", "", 1, "")
    return "\n".join(lines)
