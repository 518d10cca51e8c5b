"""Python programs and tests so plain that nothing can come out of the crossing between the two as something else, nor the
program tell that it is apart from its tests. Written down is what is known to be so; all else is not plain.

Tests: calls with written values, each compared with written values. Programs: functions without classes, decorators
and generators, which use built-in functions, methods and modules of written lists (`listed.py`); what can be read only once is read
where it is made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from sandbox.judge.listed import (
    BUILT_INS,
    ERRORS,
    ITERATORS,
    KNOWN,
    MATCHES,
    METHODS,
    MODULES,
    OWN,
    READERS,
    SEEN_ALIKE,
    SIGNS,
    VIEWS,
)


def plain(code: ast.Module, tests: ast.Module) -> bool:
    """Whether nothing that these tests could see of this program depends on their being apart."""
    return are_calls(tests) and _Reading(code).is_plain(texts=_has_texts(tests))


def are_calls(tests: ast.Module) -> bool:
    """Whether these tests are calls with written values, compared with written values: they hold nothing between two calls."""
    return all(map(_is_plain_test, tests.body))


def _has_texts(tests: ast.Module) -> bool:
    """Whether a text, bytes or nothing goes to the program: of these a set has another order in each process."""
    calls = [node for node in ast.walk(tests) if isinstance(node, ast.Call)]
    return any(
        isinstance(inner, ast.Constant) and (inner.value is None or isinstance(inner.value, str | bytes))
        for call in calls
        for argument in (*call.args, *call.keywords)
        for inner in ast.walk(argument)
    )


def _is_plain_test(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.FunctionDef):
        given = statement.args
        bare = not (statement.decorator_list or given.defaults or given.kw_defaults or statement.returns)
        bare = bare and not any(argument.annotation for argument in (*given.args, *given.posonlyargs))
        named = statement.name.startswith("test") or statement.name == "check"
        return bare and named and all(map(_is_plain_test, statement.body))
    if isinstance(statement, ast.ImportFrom) and statement.module == "solution":
        return all(alias.asname is None and not alias.name.startswith(("*", "test")) for alias in statement.names)
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return _is_listed(statement)
    if isinstance(statement, ast.Assert):
        return _value(statement.test)
    if isinstance(statement, ast.Assign):
        targets = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        usual = not any(name in OWN or name.startswith(("_", "pytest", "collect")) for name in targets)
        return usual and len(targets) == len(statement.targets) and _written(statement.value)
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant) or _checks(statement.value)
    return isinstance(statement, ast.Pass)


def _checks(node: ast.expr) -> bool:
    """Whether it is `check(function)`."""
    named = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check"
    return named and all(isinstance(argument, ast.Name) for argument in node.args)  # type: ignore[attr-defined]


def _value(node: ast.expr) -> bool:
    """Whether it is written, or what calls with written values give is compared with written values: of two answers that
    meet one may be the other, changed since.
    """
    if not isinstance(node, ast.BoolOp) and sum(map(_asks, ast.walk(node))) > 1:
        return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and _value(node.operand)
    if isinstance(node, ast.Call):
        function = node.func
        given = [*node.args, *(word.value for word in node.keywords)]
        if isinstance(function, ast.Attribute):
            module = getattr(function.value, "id", "")
            return function.attr in MODULES.get(module, ()) and module in ("math", "cmath") and all(map(_value, given))
        if not isinstance(function, ast.Name):
            return False
        if function.id in SEEN_ALIKE:
            spelt = function.id == "float" and any(isinstance(getattr(part, "value", 0), str) for part in given)
            return not spelt and all(map(_value, given))
        return function.id not in OWN and all(_argument(part) for part in given)
    if isinstance(node, ast.Compare):
        sides = (node.left, *node.comparators)
        if any(isinstance(sign, ast.Is | ast.IsNot) for sign in node.ops) and not _singletons(sides[1:]):
            return False
        return sum(not _written(side) for side in sides) <= 1 and all(map(_value, sides))
    if isinstance(node, ast.BoolOp | ast.UnaryOp | ast.BinOp | ast.Subscript):
        return all(_value(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
    if isinstance(node, ast.List | ast.Tuple | ast.Set | ast.Dict | ast.Starred | ast.Slice):
        return all(_value(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr))
    return isinstance(node, ast.Constant)


def _asks(node: ast.AST) -> bool:
    """Whether it is a call of a function of the program."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in SEEN_ALIKE


def _argument(node: ast.expr) -> bool:
    """Whether it is a written value without a set: on the other side one has another order."""
    return _written(node) and not any(isinstance(part, ast.Set) for part in ast.walk(node))


def _written(node: ast.expr) -> bool:
    known = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.UnaryOp, ast.BinOp, ast.expr_context)
    return all(isinstance(part, (*known, ast.operator, ast.unaryop)) for part in ast.walk(node))


def _singletons(nodes: Iterable[ast.expr]) -> bool:
    return all(isinstance(node, ast.Constant) and node.value in (None, True, False) for node in nodes)


class _Reading:
    """A program's tree, with what is needed of it to judge a node: what contains it, and which names mean what."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.nodes: list[ast.AST] = [tree]
        self.above: dict[ast.AST, ast.AST] = {}
        for node in self.nodes:  # which grows
            for inner in ast.iter_child_nodes(node):
                if type(inner) not in SIGNS:
                    self.above[inner] = node
                    self.nodes.append(inner)
        self.bound = {name for node in self.nodes for name in _bound(node)}
        self.modules: dict[str, str] = {}
        self.taken: dict[str, str] = {}
        """Names under which whole modules, and what is in them, were imported."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                self.modules |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                self.taken |= {alias.asname or alias.name: alias.name for alias in node.names}

    def is_plain(self, *, texts: bool) -> bool:
        shadowed = {name for node in _outside_functions(self.tree.body) for name in _bound(node)} & OWN
        imports = [node for node in self.nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        meant = {
            (alias.asname or alias.name, alias.name, getattr(node, "module", None))
            for node in imports
            for alias in node.names
        }
        several = len(meant) > len({name for name, *_ in meant})
        if shadowed or any(name.startswith("__") for name in self.bound) or several:
            return False
        if not all(map(self._node, self.nodes)):
            return False
        return not self._orders_a_set(texts)

    def _node(self, node: ast.AST) -> bool:
        if type(node) not in KNOWN:
            return False
        if isinstance(node, ast.FunctionDef):
            return not node.decorator_list
        if isinstance(node, ast.Import | ast.ImportFrom):
            return _is_listed(node)
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            return all(getattr(kind, "id", "") in ERRORS - self.bound for kind in kinds)
        if isinstance(node, ast.Compare) and any(isinstance(sign, ast.Is | ast.IsNot) for sign in node.ops):
            kinds = [
                side for side in node.comparators if getattr(side, "id", "") not in ("int", "str", "float", "list")
            ]
            return _singletons(kinds)
        if isinstance(node, ast.Constant):
            return not (isinstance(node.value, str) and node.value.strip(" +-").lower() == "nan")
        if isinstance(node, ast.GeneratorExp):
            return self._is_read(node)
        if isinstance(node, ast.Attribute):
            return isinstance(node.ctx, ast.Load) and self._attribute(node)
        return not isinstance(node, ast.Name) or self._name(node)

    def _attribute(self, node: ast.Attribute) -> bool:
        call = self._call(node)
        module = self.modules.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if module is not None:
            return node.attr in MODULES.get(module, ()) and self._imported(module, node.attr, node)
        if node.attr == "format":  # what stands in braces may ask for any attribute
            text = node.value.value if isinstance(node.value, ast.Constant) else None
            return call is not None and isinstance(text, str) and "_" not in text
        if node.attr == "from_iterable":
            return call is not None and self._is_read(call)
        if node.attr in ("lower", "upper", "get", "count", "index") and call is None:
            return isinstance(self.above[node], ast.keyword)  # the key of a sort
        if node.attr in MATCHES:
            return call is not None and self._is_asked(call)
        return call is not None and node.attr in METHODS and (node.attr not in VIEWS or self._is_read(call))

    def _name(self, node: ast.Name) -> bool:
        above = self.above[node]
        if node.id == "__name__":
            return isinstance(above, ast.Compare) and isinstance(self.above[above], ast.If)
        if node.id in self.modules:
            return isinstance(above, ast.Attribute)
        if node.id in self.taken:
            module = next((name for name, names in MODULES.items() if self.taken[node.id] in names), "")
            return self._imported(module, self.taken[node.id], node)
        if node.id in self.bound:  # perhaps elsewhere
            return node.id not in OWN or node.id in BUILT_INS - ITERATORS or self._is_given(node)
        if node.id in ITERATORS:
            call = self._call(node)
            return call is not None and self._is_read(call)
        if node.id == "type":  # of one value, to be compared
            call = self._call(node)
            return call is not None and len(call.args) == 1 and isinstance(self.above[call], ast.Compare)
        return node.id in BUILT_INS

    def _is_given(self, name: ast.Name) -> bool:
        """Whether a function that it stands in has a parameter of that name."""
        node: ast.AST = name
        while node is not self.tree:
            inner, node = node, self.above[node]
            inside = isinstance(node, ast.FunctionDef) and inner in node.body
            if inside and name.id in {argument.arg for argument in node.args.args}:  # type: ignore[attr-defined]
                return True
        return False

    def _imported(self, module: str, name: str, node: ast.AST) -> bool:
        """Whether what a module gives under a name is used as it may be."""
        call, above = self._call(node), self.above[node]
        if name == "chain" and isinstance(above, ast.Attribute) and above.attr == "from_iterable":
            return True
        if module == "itertools" or name in ("merge", "finditer"):
            return call is not None and self._is_read(call)
        if name in MATCHES:
            return call is not None and self._is_asked(call)
        if name in ("itemgetter", "cmp_to_key"):
            return call is not None and isinstance(self.above[call], ast.keyword)
        return True

    def _call(self, function: ast.AST) -> ast.Call | None:
        above = self.above.get(function)
        return above if isinstance(above, ast.Call) and above.func is function else None

    def _loads(self, above: ast.AST) -> list[ast.Name] | None:
        """Where a name is read that is given its one meaning here; None where this is no such assignment."""
        if not (isinstance(above, ast.Assign) and len(above.targets) == 1 and isinstance(above.targets[0], ast.Name)):
            return None
        name = above.targets[0].id
        same = [node for node in self.nodes if isinstance(node, ast.Name) and node.id == name]
        loads = [node for node in same if isinstance(node.ctx, ast.Load)]
        return loads if len(same) == len(loads) + 1 else None

    def _is_asked(self, match: ast.AST) -> bool:
        """Whether a match is only asked whether there is one."""
        above = self.above[match]
        if isinstance(above, ast.Attribute):
            return self._call(above) is not None and above.attr in ("group", "groups", "span", "start", "end")
        if (loads := self._loads(above)) is not None:
            return all(map(self._is_asked, loads))
        if isinstance(above, ast.UnaryOp):
            return isinstance(above.op, ast.Not)
        if isinstance(above, ast.Call):
            return getattr(above.func, "id", "") == "bool"
        if isinstance(above, ast.Compare):
            return all(isinstance(sign, ast.Is | ast.IsNot) for sign in above.ops)
        tested = isinstance(above, ast.If | ast.IfExp | ast.While) and above.test is match
        return tested or (isinstance(above, ast.comprehension) and match in above.ifs)

    def _is_read(self, node: ast.AST) -> bool:
        """Whether an iterator or a view is read where it is made."""
        above = self.above[node]
        if isinstance(above, ast.For | ast.comprehension):
            return above.iter is node
        if isinstance(above, ast.Starred):
            return True
        if (loads := self._loads(above)) is not None:
            return all(map(self._is_read, loads))
        if isinstance(above, ast.Assign):
            return all(isinstance(target, ast.Tuple | ast.List) for target in above.targets)
        if isinstance(above, ast.Compare):
            return all(isinstance(sign, ast.In | ast.NotIn) for sign in above.ops)
        if not isinstance(above, ast.Call) or node not in above.args:
            return False
        function = above.func
        if isinstance(function, ast.Attribute):
            of_module = self.modules.get(getattr(function.value, "id", ""))
            return function.attr in READERS or of_module == "itertools"
        name = getattr(function, "id", "")
        return (name in READERS and name not in self.bound) or self.taken.get(name, "") in READERS | MODULES[
            "itertools"
        ]

    def _orders_a_set(self, texts: bool) -> bool:
        """Whether the order of a set of texts could show in an answer."""
        sets = [
            node
            for node in self.nodes
            if isinstance(node, ast.Set | ast.SetComp)
            or (isinstance(node, ast.Name) and node.id in ("set", "frozenset") and node.id not in self.bound)
        ]
        return (
            bool(sets) and (texts or any(map(self._makes_text, self.nodes))) and not all(map(self._is_unordered, sets))
        )

    def _makes_text(self, node: ast.AST) -> bool:
        """Whether it may make a text, bytes or nothing that a set could hold; a line of words of its own makes none."""
        if isinstance(node, ast.Constant):
            above = self.above[node]
            said = isinstance(above, ast.Expr) or (isinstance(above, ast.Compare) and node.value is None)
            said = said or self._answers(above)
            return not said and (node.value is None or isinstance(node.value, str | bytes))
        return isinstance(node, ast.JoinedStr) or getattr(node, "id", "") in (
            "str",
            "chr",
            "hex",
            "oct",
            "bin",
            "bytes",
        )

    def _is_unordered(self, node: ast.AST) -> bool:
        """Whether a set is only counted, sorted, looked into, compared or returned."""
        node = self._call(node) or node
        above = self.above[node]
        while isinstance(above, ast.BinOp):
            node, above = above, self.above[above]
        if isinstance(above, ast.Call):
            name = getattr(above.func, "id", "")
            return not above.keywords and name in ("len", "sorted", "all", "any", "set", "isinstance", "bool")
        return isinstance(above, ast.Compare | ast.UnaryOp) or self._answers(above)

    def _answers(self, node: ast.AST) -> bool:
        """Whether it returns to the tests, not to another function of the program."""
        if not isinstance(node, ast.Return):
            return False
        while not isinstance(node, ast.FunctionDef):
            node = self.above[node]
        loads = (inner for inner in self.nodes if isinstance(inner, ast.Name) and inner.id == node.name)
        return isinstance(self.above[node], ast.Module) and next(loads, None) is None


def _is_listed(node: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(node, ast.Import):
        return all(alias.name in MODULES for alias in node.names)
    names = {alias.name for alias in node.names}
    return node.module == "__future__" or (not node.level and names <= MODULES.get(node.module or "", frozenset()))


def _outside_functions(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes and what is in them, but the bodies of functions."""
    for node in nodes:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _outside_functions(ast.iter_child_nodes(node))


def _bound(node: ast.AST) -> set[str]:
    """The names that a node gives a meaning to."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.arg):
        return {node.arg}
    if isinstance(node, ast.alias):
        return {(node.asname or node.name).partition(".")[0]}
    if isinstance(node, ast.ExceptHandler):
        return {node.name} if node.name else set()
    return {node.id} if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load) else set()
