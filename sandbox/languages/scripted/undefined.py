"""Where a name that ruff calls undefined stops no program: the interpreter never looks it up there, or may find it, or what
it raises is caught. There the run decides, and the finding is a warning.

A branch that is merely never taken is no such place: what would fail wherever it is reached is refused.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import syntax

Place = tuple[str, int, int, int, int]
"""A name, or "" for any, and from where to where: line and column of its start, and of what follows its end, from 1 and
in characters, as the linter counts.
"""

_END = 1 << 30
_LONGEST = 100_000
"""Characters: the source is hostile, and each finding is looked for among all places."""
_AT_MOST = 500
_MAKE_NAMES = frozenset(("globals", "exec", "builtins", "__builtins__", "__main__", "__globals__", "f_globals"))
_MAKE_NAMES |= {"FunctionType", "__prepare__"}
_LIST_NAMES = frozenset(("vars", "locals", "dir"))
_MEANT = frozenset(("NameError", "UnboundLocalError"))
"""A program that speaks of them knows that a name is missing."""
_CATCH = _MEANT | {"Exception", "BaseException"}
_ELSEWHERE = frozenset(("version_info", "TYPE_CHECKING", "hexversion", "platform", "PY2", "PY3"))
"""What a condition asks so that its branch is for another interpreter, or for none."""
_OF_TYPES = frozenset(("cast", "TypeVar", "NewType", "NamedTuple", "TypedDict", "ForwardRef"))

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def places(source: str) -> list[Place]:
    """Where in `source` an undefined name is no error, at most _AT_MOST; none where it has no tree, or is very long."""
    if len(source) > _LONGEST:
        return []
    try:
        tree = syntax.module(source.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return list(itertools.islice(_Reader(source).read(tree), _AT_MOST))


def is_spared(known: Iterable[Any], name: str, line: int, column: int) -> bool:
    """Whether what is said of `name` there is no error; `known`: what `places` gave."""
    return any(item[0] in ("", name) and (item[1], item[2]) <= (line, column) < (item[3], item[4]) for item in known)


def said(finding: dict[str, Any]) -> tuple[str, int, int]:
    """Name, line and column of what the linter says. Raises KeyError or TypeError where it says none."""
    place = finding["location"]
    return finding["message"].partition("`")[2].partition("`")[0], place["row"], place["column"]


class _Reader:
    def __init__(self, source: str) -> None:
        text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.lines = [] if text.isascii() else text.split("\n")
        self.later = False
        """Whether no annotation is evaluated, anywhere."""

    def read(self, tree: ast.Module) -> Iterator[Place]:
        nodes = list(ast.walk(tree))
        if any(_makes_names(node) for node in nodes):
            yield ("", 1, 1, _END, 1)
            return
        self.later = any(
            type(node) is ast.ImportFrom
            and node.module == "__future__"
            and any(alias.name == "annotations" for alias in node.names)
            for node in nodes
        )
        for node in nodes:
            if type(node) is ast.Name and type(node.ctx) is ast.Del:
                yield (node.id, 1, 1, _END, 1)
            elif type(node) is ast.ExceptHandler and node.name:
                yield (node.name, 1, 1, _END, 1)
        todo: list[tuple[ast.AST, bool, bool]] = [(tree, False, False)]  # in a function, in a loop of the same scope
        while todo:
            node, local, looped = todo.pop()
            yield from self.of(node, local, looped)
            loop = looped or type(node) in (ast.For, ast.AsyncFor, ast.While)
            inner = (type(node) is not ast.ClassDef, False) if type(node) in _SCOPES else (local, loop)
            body = getattr(node, "body", None)
            own = {id(item) for item in body} if type(body) is list else set()
            for child in ast.iter_child_nodes(node):
                todo.append((child, *(inner if id(child) in own else (local, looped))))

    def of(self, node: ast.AST, local: bool, looped: bool) -> Iterator[Place]:
        """Places that begin with this node; `local`: in a function; `looped`: in a loop that has been read."""
        if isinstance(node, ast.AnnAssign):
            yield from self.annotation(node.annotation, local or self.later)
            if getattr(node.annotation, "id", getattr(node.annotation, "attr", "")) == "TypeAlias" and node.value:
                yield from self.texts(node.value)
        elif isinstance(node, ast.arg) and node.annotation:
            yield from self.annotation(node.annotation, self.later)
        elif isinstance(node, _FUNCTIONS) and node.returns:
            yield from self.annotation(node.returns, self.later)
        elif isinstance(node, ast.Subscript):
            yield from self.texts(node.slice)
        elif isinstance(node, ast.Call) and _last_name(node.func) in _OF_TYPES:
            for item in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from self.texts(item)
        elif isinstance(node, (ast.If, ast.IfExp)) and any(_last_name(n) in _ELSEWHERE for n in ast.walk(node.test)):
            yield self.place("", node, node)
        elif hasattr(node, "handlers") and any(_catches(handler.type) for handler in node.handlers):
            yield self.place("", node.body[0], node.body[-1])  # type: ignore[attr-defined]
        elif isinstance(node, (ast.With, ast.AsyncWith)) and any(map(_suppresses, node.items)):
            yield self.place("", node.body[0], node.body[-1])
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.While)) and not looped:
            for name in dict.fromkeys(_bound(node.body)):  # in the next round it may be there
                yield self.place(name, node, node.body[-1])

    def annotation(self, node: ast.expr, never: bool) -> Iterator[Place]:
        """All of it where it is `never` evaluated, else the texts in it."""
        if never:
            yield self.place("", node, node)
        else:
            yield from self.texts(node)

    def texts(self, node: ast.AST) -> Iterator[Place]:
        """What stands in quotes is not looked up; of a formatted text the linter has the places, not the parser."""
        todo = [node]
        while todo:
            item = todo.pop()
            if type(item) is ast.Constant and type(item.value) is str:
                yield self.place("", item, item)
            elif type(item) is not ast.JoinedStr:
                todo += ast.iter_child_nodes(item)

    def place(self, name: str, first: Any, last: Any) -> Place:
        start = (first.lineno, self.column(first.lineno, first.col_offset))
        return (name, *start, last.end_lineno, self.column(last.end_lineno, last.end_col_offset))

    def column(self, line: int, offset: int) -> int:
        """The parser counts bytes."""
        if self.lines and line <= len(self.lines):
            offset = len(self.lines[line - 1].encode("utf-8", "replace")[:offset].decode("utf-8", "ignore"))
        return offset + 1


def _makes_names(node: ast.AST) -> bool:
    """Whether by this a name may come to be that no statement binds, or its absence is reckoned with."""
    if type(node) is ast.Call and type(node.func) is ast.Name and node.func.id in _LIST_NAMES:
        return not node.args
    if type(node) is ast.Attribute:
        return node.attr in _MAKE_NAMES or node.attr in _MEANT or node.attr == "modules"
    if type(node) is ast.alias:
        return node.name in _MAKE_NAMES or node.name == "modules"
    if type(node) is ast.FunctionDef:
        return node.name in _MAKE_NAMES
    return type(node) is ast.Name and (node.id in _MAKE_NAMES or node.id in _MEANT)


def _last_name(node: ast.AST) -> str:
    return str(getattr(node, "id", getattr(node, "attr", "")))


def _catches(kind: ast.expr | None) -> bool:
    kinds = kind.elts if type(kind) is ast.Tuple else [kind]
    return any(item is None or _last_name(item) in _CATCH for item in kinds)


def _suppresses(item: ast.withitem) -> bool:
    call = item.context_expr
    return type(call) is ast.Call and _last_name(call.func) == "suppress" and any(map(_catches, call.args))


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """Names that these statements bind in their own scope."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        if type(node) is ast.Name and type(node.ctx) is ast.Store:
            yield node.id
        elif type(node) is ast.alias:
            yield (node.asname or node.name).partition(".")[0]
        elif type(name := getattr(node, "name", None) or getattr(node, "rest", None)) is str:
            yield name  # a function, a class, what is caught, what a pattern takes
        if type(node) in _COMPREHENSIONS:
            todo += [inner for inner in ast.walk(node) if type(inner) is ast.NamedExpr and inner is not node]
        elif type(node) not in _SCOPES:
            todo += ast.iter_child_nodes(node)
