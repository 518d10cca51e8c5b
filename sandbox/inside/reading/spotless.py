"""Whether a source is so plain that the linter is sure to find nothing in it, so that no process is started to say so.
Runs in the container, in the program's process before anything of the program has run.

It only ever says yes where it knows each construct, and where each name is bound in the scope that reads it, before it,
and read. For everything else the linter is asked: what is found, and which words say so, is the linter's alone. That it
never says yes where the linter (ruff, rules F and E9) has a finding is compared on programs in `test_spotless.py`.
"""

import ast
import builtins
from collections.abc import Callable, Iterable
from typing import Any

_MOST_BYTES = 20_000
"""Of a longer source the linter is as quick."""
_NEWER = ("aiter", "anext", "EncodingWarning", "ExceptionGroup", "BaseExceptionGroup", "NotImplemented", "WindowsError")
_OF_A_SHELL = ("copyright", "credits", "license", "help", "exit", "quit")
_BUILT_IN = frozenset(n for n in dir(builtins) if n[0] != "_" and n not in _NEWER + _OF_A_SHELL) | {"__name__"}
_OF_TYPING = frozenset(
    (
        *("Any", "Callable", "DefaultDict", "Deque", "Dict", "FrozenSet", "Generator", "Iterable", "Iterator", "List"),
        *("Mapping", "Optional", "Sequence", "Set", "Tuple", "Union"),
    )
)
_PLAIN = frozenset(range(32, 127)) | {9, 10}


def spotless(source: str) -> bool:
    """Whether the linter is sure to find nothing. `source` is one that the interpreter compiled."""
    if len(source) > _MOST_BYTES or not source.isascii() or "\\\n" in source:
        return False
    if source.encode("ascii").translate(None, bytes(_PLAIN)):
        return False  # control characters and other ends of lines, which the two may read differently
    try:
        return _Reader().read(ast.parse(source))
    except (_Unsure, RecursionError, MemoryError, ValueError, SyntaxError):
        return False


class _Unsure(Exception):
    """The linter has to be asked."""


class _Scope:
    """A module, function or comprehension: `bound` so far; `read` of those; `owed` to be read; `outside`: read here
    while nothing here was bound to it.
    """

    __slots__ = ("bound", "outside", "owed", "read")

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.read: set[str] = set()
        self.owed: set[str] = set()
        self.outside: set[str] = set()


class _Reader:
    """Goes through a tree in the linter's order. Raises _Unsure."""

    def __init__(self) -> None:
        self.scopes = [_Scope()]
        self.times: dict[str, int] = {}
        """How often a name is bound, in whatever scope."""
        self.once: set[str] = set()
        """Names of imports and functions, which nothing else in the source may bind."""
        self.typing: set[str] = set()
        self.later: list[ast.FunctionDef] = []

    def read(self, tree: ast.Module) -> bool:
        self.visit_all(tree.body)
        for function in self.later:
            self.function(function)
        self.close(self.scopes[0])
        return all(self.times[name] == 1 for name in self.once)

    def visit(self, node: ast.AST) -> None:
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise _Unsure
        handler(self, node)

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def load(self, name: str) -> None:
        for scope in reversed(self.scopes):
            if name in scope.bound:
                scope.read.add(name)
                return
            scope.outside.add(name)
        if name not in _BUILT_IN:
            raise _Unsure

    def bind(self, name: str, *, owed: bool) -> None:
        """`owed`: the linter complains where it is never read."""
        scope = self.scopes[-1]
        if name in scope.outside or name[:2] == "__":
            raise _Unsure
        scope.bound.add(name)
        self.times[name] = self.times.get(name, 0) + 1
        if owed:
            scope.owed.add(name)

    @staticmethod
    def close(scope: _Scope) -> None:
        if not scope.owed <= scope.read:
            raise _Unsure

    def target(self, node: ast.AST, owed: bool) -> None:
        if type(node) is ast.Name:
            self.bind(node.id, owed=owed)
        elif type(node) in (ast.Tuple, ast.List):
            for item in node.elts:  # type: ignore[attr-defined]
                self.target(item, owed)
        elif type(node) is ast.Starred:
            self.target(node.value, owed)
        elif type(node) in (ast.Subscript, ast.Attribute):
            self.visit(node)
        else:
            raise _Unsure

    def in_module(self) -> bool:
        return len(self.scopes) == 1

    def function_def(self, node: ast.FunctionDef) -> None:
        given = node.args
        self.visit_all(node.decorator_list)
        self.visit_all((*given.defaults, *given.kw_defaults))
        everything = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        for item in (*(arg.annotation for arg in everything if arg), node.returns):
            if item is not None:
                self.annotation(item)
        self.bind(node.name, owed=False)
        self.once.add(node.name)
        if self.in_module():
            self.later.append(node)
        else:
            self.function(node)

    def function(self, node: ast.FunctionDef) -> None:
        self.scopes.append(_Scope())
        self.parameters(node.args)
        self.visit_all(node.body)
        self.close(self.scopes.pop())

    def parameters(self, given: ast.arguments) -> None:
        for arg in (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg):
            if arg is not None:
                self.bind(arg.arg, owed=False)

    def annotation(self, node: ast.AST) -> None:
        if any(type(inner) is ast.Constant and inner.value is not None for inner in ast.walk(node)):
            raise _Unsure  # a string is read as an annotation, and may name what is nowhere
        self.visit(node)

    def lambda_(self, node: ast.Lambda) -> None:
        self.visit_all((*node.args.defaults, *node.args.kw_defaults))
        self.scopes.append(_Scope())
        self.parameters(node.args)
        self.visit(node.body)
        self.scopes.pop()

    def comprehension(self, node: Any) -> None:
        first = node.generators[0]
        self.visit(first.iter)
        self.scopes.append(_Scope())
        for part in node.generators:
            if part.is_async:
                raise _Unsure
            if part is not first:
                self.visit(part.iter)
            self.target(part.target, False)
            self.visit_all(part.ifs)
        self.visit_all((node.key, node.value) if type(node) is ast.DictComp else (node.elt,))
        self.scopes.pop()

    def import_(self, node: ast.Import | ast.ImportFrom) -> None:
        module = node.module if isinstance(node, ast.ImportFrom) else ""
        if module == "__future__" or (isinstance(node, ast.ImportFrom) and node.level):
            raise _Unsure
        for alias in node.names:
            name = alias.asname or alias.name
            of_typing = "typing" in (module or alias.name) or (module or alias.name).startswith("collections.abc")
            if "." in name or name == "*" or (of_typing and (not module or alias.name not in _OF_TYPING)):
                raise _Unsure
            self.bind(name, owed=True)
            self.once.add(name)
            if of_typing:
                self.typing.add(name)

    def assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        values = type(node.value) in (ast.Tuple, ast.List, ast.Set)
        for target in node.targets:
            plain = type(target) is ast.Name
            self.target(target, not self.in_module() and (plain or values))

    def annotated(self, node: ast.AnnAssign) -> None:
        self.annotation(node.annotation)
        if node.value is None or type(node.target) is not ast.Name:
            raise _Unsure
        self.visit(node.value)
        self.bind(node.target.id, owed=not self.in_module())

    def augmented(self, node: ast.AugAssign) -> None:
        if type(node.target) is ast.Name:
            if node.target.id not in self.scopes[-1].bound:
                raise _Unsure
            self.visit(node.value)
            self.remainder(node.op, node.target)
            self.bind(node.target.id, owed=not self.in_module())
        else:
            self.visit(node.target)
            self.visit(node.value)

    def for_(self, node: ast.For) -> None:
        if type(node.iter) is ast.Tuple and any(type(item) is ast.Starred for item in node.iter.elts):
            raise _Unsure
        self.visit(node.iter)
        self.target(node.target, False)
        self.visit_all(node.body)
        self.visit_all(node.orelse)

    def branch(self, node: ast.If | ast.While | ast.IfExp) -> None:
        if type(node.test) is ast.Tuple:
            raise _Unsure
        for item in (node.test, node.body, node.orelse):
            self.visit_all(item if type(item) is list else (item,))  # type: ignore[arg-type]

    def assert_(self, node: ast.Assert) -> None:
        if type(node.test) is ast.Tuple:
            raise _Unsure
        self.visit_all((node.test, node.msg))

    def try_(self, node: ast.Try) -> None:
        self.visit_all(node.body)
        for handler in node.handlers:
            if handler.name is not None:
                raise _Unsure
            self.visit_all((handler.type, *handler.body))
        self.visit_all((*node.orelse, *node.finalbody))

    def with_(self, node: ast.With) -> None:
        if len(node.items) != 1:
            raise _Unsure
        self.visit(node.items[0].context_expr)
        if (target := node.items[0].optional_vars) is not None:
            self.target(target, not self.in_module())
        self.visit_all(node.body)

    @staticmethod
    def remainder(operator: ast.operator, left: ast.AST) -> None:
        if type(operator) is ast.Mod and type(left) not in (ast.Name, ast.Call) and _holds_text(left):
            raise _Unsure  # a format, whose places may not be as many as the values

    def binary(self, node: ast.BinOp) -> None:
        self.remainder(node.op, node.left)
        if type(node.op) is ast.RShift and type(node.left) is ast.Name and node.left.id == "print":
            raise _Unsure
        self.visit(node.left)
        self.visit(node.right)

    def compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
            if type(operator) in (ast.Is, ast.IsNot) and not (_may_be_identical(left) and _may_be_identical(right)):
                raise _Unsure
        self.visit_all(sides)

    def call(self, node: ast.Call) -> None:
        self.visit(node.func)
        self.visit_all(node.args)
        for keyword in node.keywords:
            self.visit(keyword.value)

    def attribute(self, node: ast.Attribute) -> None:
        if node.attr == "format" and _holds_text(node.value):
            raise _Unsure
        self.visit(node.value)

    def subscript(self, node: ast.Subscript) -> None:
        value = node.value
        read_as_type = type(value) is ast.Name and (value.id in self.typing or value.id in _BUILT_IN)
        if type(value) not in (ast.Name, ast.Subscript, ast.Attribute, ast.Call, ast.List, ast.Tuple, ast.Constant):
            raise _Unsure
        if type(node.slice) is ast.Tuple and any(type(item) is ast.Starred for item in node.slice.elts):
            raise _Unsure
        if read_as_type and _holds_text(node.slice):
            raise _Unsure
        self.visit(value)
        self.visit(node.slice)

    def dictionary(self, node: ast.Dict) -> None:
        keys = [key.value for key in node.keys if type(key) is ast.Constant]
        if len(node.keys) > 1 and (len(keys) < len(node.keys) or len(set(keys)) < len(keys)):
            raise _Unsure
        self.visit_all((*node.keys, *node.values))

    def literal(self, node: Any) -> None:
        self.visit_all(node.elts)

    def text(self, node: ast.JoinedStr) -> None:
        if not any(type(item) is ast.FormattedValue for item in node.values):
            raise _Unsure
        self.visit_all(node.values)

    def filled(self, node: ast.FormattedValue) -> None:
        self.visit(node.value)
        if isinstance(node.format_spec, ast.JoinedStr):
            self.visit_all(node.format_spec.values)

    def name(self, node: ast.Name) -> None:
        self.load(node.id)

    def nothing(self, node: ast.AST) -> None:
        pass


def _holds_text(node: ast.AST) -> bool:
    return any(
        type(inner) is ast.JoinedStr or (type(inner) is ast.Constant and type(inner.value) in (str, bytes))
        for inner in ast.walk(node)
    )


def _may_be_identical(node: ast.AST) -> bool:
    if type(node) is ast.Constant:
        return node.value is None or type(node.value) is bool
    return type(node) in (ast.Name, ast.Attribute, ast.Subscript, ast.Call)


def _children(*fields: str) -> Callable[[_Reader, Any], None]:
    def visit(reader: _Reader, node: Any) -> None:
        for field in fields:
            item = getattr(node, field)
            if type(item) is list:
                reader.visit_all(item)
            elif item is not None:
                reader.visit(item)

    return visit


_HANDLERS: dict[type, Callable[[_Reader, Any], None]] = {
    ast.FunctionDef: _Reader.function_def,
    ast.Lambda: _Reader.lambda_,
    ast.Import: _Reader.import_,
    ast.ImportFrom: _Reader.import_,
    ast.Assign: _Reader.assign,
    ast.AnnAssign: _Reader.annotated,
    ast.AugAssign: _Reader.augmented,
    ast.For: _Reader.for_,
    ast.While: _Reader.branch,
    ast.If: _Reader.branch,
    ast.IfExp: _Reader.branch,
    ast.Assert: _Reader.assert_,
    ast.Try: _Reader.try_,
    ast.With: _Reader.with_,
    ast.Return: _children("value"),
    ast.Expr: _children("value"),
    ast.Raise: _children("exc", "cause"),
    ast.Pass: _Reader.nothing,
    ast.Break: _Reader.nothing,
    ast.Continue: _Reader.nothing,
    ast.Constant: _Reader.nothing,
    ast.Name: _Reader.name,
    ast.BinOp: _Reader.binary,
    ast.BoolOp: _children("values"),
    ast.UnaryOp: _children("operand"),
    ast.Compare: _Reader.compare,
    ast.Call: _Reader.call,
    ast.Attribute: _Reader.attribute,
    ast.Subscript: _Reader.subscript,
    ast.Slice: _children("lower", "upper", "step"),
    ast.List: _Reader.literal,
    ast.Tuple: _Reader.literal,
    ast.Set: _Reader.literal,
    ast.Dict: _Reader.dictionary,
    ast.Starred: _children("value"),
    ast.JoinedStr: _Reader.text,
    ast.FormattedValue: _Reader.filled,
    ast.ListComp: _Reader.comprehension,
    ast.SetComp: _Reader.comprehension,
    ast.GeneratorExp: _Reader.comprehension,
    ast.DictComp: _Reader.comprehension,
    ast.Yield: _children("value"),
    ast.YieldFrom: _children("value"),
}
