"""Of what the values in a Python test script are made: what is written down, what stands in its own lists and objects, and what
the program answers. Known ways of giving a name a meaning are followed; what comes by another is unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sandbox.judge.written import (
    FUNCTIONS,
    NO_ANSWERS,
    PUTS,
    PUTTING,
    REACHING,
    SCOPES,
    arguments,
    conditions,
    expects_an_error,
    given_apart,
    is_a_test,
    is_number,
    leaves,
    parametrized,
    parts,
)

ANSWER, TOLD, UNKNOWN = "an answer", "told", "unknown"
"""Of what a value is made beside the script's own lists: what the program gives, and what it gives to a function of the script."""
THEIRS = frozenset((ANSWER, TOLD, UNKNOWN))
Made = frozenset[str]
NOTHING: Made = frozenset()
_PROGRAM = ("solution", "candidate")
_BY = "by "
"""What stands before what only says whether, or how often, something is put into a value."""
_ROUNDS = 12
Where = tuple[ast.AST | str, str]
"""A name and the scope that binds it; or an attribute, or what a function gives."""


class Provenance:
    """A script, read once. `exposed`: names of what the program was given, and may have changed; `entry`: a name of the program's."""

    def __init__(self, tree: ast.Module, entry: str | None = None) -> None:
        self.entry = entry
        self.above: dict[ast.AST, ast.AST] = {}
        nodes: list[ast.AST] = [tree]
        for node in nodes:
            for child in ast.iter_child_nodes(node):
                self.above[child] = node
                nodes.append(child)
        self.nodes, self.tree = nodes, tree
        self.own: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        for node in nodes:
            if isinstance(node, FUNCTIONS):
                self.own.setdefault(node.name, []).append(node)
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        loaded = [node for node in nodes if isinstance(node, ast.Name | ast.Attribute) and id(node) not in called]
        self.handed = {getattr(node, "attr", getattr(node, "id", "")) for node in loaded} & self.own.keys()
        """Functions of the script that are given away, and may be called by the program."""
        self.bound: dict[Where, list[tuple[ast.expr | None, Made]]] = {}
        self.made: dict[Where, Made] = {}
        self.under: dict[Where, list[ast.expr]] = {}
        """What says whether, and how often, a name gets its meaning: `for x in xs: n += 1`."""
        self.put: list[tuple[ast.Name, ast.expr | None, Made]] = []
        """What is put into something that a name stands for."""
        self.held: dict[Where, list[tuple[ast.expr | None, Made]]] = {}
        self.pinned = set[Where]()
        for node in nodes:
            self._read(node)
        for node in loaded:
            if isinstance(node, ast.Attribute) and node.attr in PUTS and isinstance(node.value, ast.Name):
                self.put.append((node.value, None, frozenset((TOLD,))))
        self._settle()
        self.exposed = self._exposed()
        if pinned := set(self._pins()):
            self.pinned = pinned
            self.made.clear()
            self._repeat()
            self.exposed = self._exposed()

    def is_fixed(self, node: ast.AST, *, known: bool) -> bool:
        """Whether an expression is made of nothing that the program gives; nor, if it is not `known` to be what it would be
        without the program's changes, of anything that the program was given.
        """
        made = {one.removeprefix(_BY) for one in self.of(node)}
        return not made & THEIRS and (known or not made & self.exposed)

    def is_theirs(self, node: ast.expr) -> bool:
        """Whether it is what stands under a name of the program's."""
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        where = self._where(node, node.id) if isinstance(node, ast.Name) else None
        imported = where is None or all(value is None for value, _ in self.bound[where])
        return isinstance(node, ast.Name) and imported and ANSWER in self.of(node)

    def _exposed(self) -> Made:
        return frozenset(made for node in self.nodes for made in self._given(node) if not made.startswith(_BY)) - THEIRS

    def of(self, node: ast.AST | None) -> Made:
        """Of what an expression is made."""
        if node is None or isinstance(node, ast.Constant):
            return NOTHING
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.Call):
            function = self.of(node.func)
            if ANSWER in function:  # whatever it is given
                return function
            given = [self.of(item) for item in (*node.args, *(word.value for word in node.keywords))]
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            said = self.made.get(("says", name), NOTHING) if name in self.own else NOTHING
            return function.union(said, *given)
        if isinstance(node, ast.Attribute):
            if node.attr in REACHING:
                return frozenset((UNKNOWN,))
            said = self.made.get(("says", node.attr), NOTHING)  # of a property
            said |= {TOLD} if getattr(node.value, "id", "") in self.handed else NOTHING  # what a function keeps
            return self.of(node.value).union(said, self.made.get(("attribute", node.attr), NOTHING))
        return NOTHING.union(*map(self.of, ast.iter_child_nodes(node)))

    def _name(self, node: ast.Name) -> Made:
        if node.id in REACHING:
            return frozenset((UNKNOWN,))
        if (where := self._where(node, node.id)) is not None:
            return self.made.get(where, NOTHING)
        if node.id in _PROGRAM:
            return frozenset((ANSWER,))
        return NOTHING if node.id in NO_ANSWERS and node.id != self.entry else frozenset((ANSWER,))

    def _where(self, node: ast.AST, name: str) -> Where | None:
        """The scope in which a name has its meaning, seen from a node."""
        at: ast.AST | None = node
        while at is not None:
            at = self.above.get(at)
            if isinstance(at, SCOPES) and (at, name) in self.bound:
                return at, name
        return None

    def scope(self, node: ast.AST) -> ast.AST:
        """The function, class or module in which a node stands."""
        at = self.above.get(node, self.tree)
        while not isinstance(at, SCOPES):
            at = self.above[at]
        return at

    def is_mixed(self, made: Made) -> bool:
        """Whether it is made of what the program says and of what it was given, of which each may say what the other is to be."""
        return ANSWER in made and bool(made & self.exposed)

    def reaching(self, node: ast.AST) -> Made:
        """Of what is made what says whether a node is come to, in its function."""
        scope = self.scope(node)
        found = [*conditions(node, self.above)]
        line = getattr(node, "lineno", 0)
        for before in self.nodes:
            if isinstance(before, ast.If | ast.While) and before.lineno < line and leaves(before):
                found += [before.test] if self.scope(before) is scope else []
        return NOTHING.union(*map(self.of, found))

    def _bind(self, scope: ast.AST, name: str, value: ast.expr | None, made: Made = NOTHING) -> None:
        at = scope
        if not isinstance(at, ast.Module):
            for inner in ast.walk(at):
                if isinstance(inner, ast.Global | ast.Nonlocal) and name in inner.names and self.scope(inner) is at:
                    outer = self._where(at, name)
                    at = self.tree if outer is None or isinstance(outer[0], str) else outer[0]
                    made |= {_BY + TOLD} if self.is_handed(scope) else NOTHING
                    break
        self.bound.setdefault((at, name), []).append((value, made))
        if value is not None:
            self.under.setdefault((at, name), []).extend(conditions(value, self.above))
        if isinstance(at, ast.ClassDef):
            self.bound.setdefault(("attribute", name), []).append((value, made))

    def asserted(self, node: ast.AST) -> bool:
        """Whether it stands in what is asserted."""
        at: ast.AST | None = node
        while at is not None and not isinstance(at, ast.stmt):
            at = self.above.get(at)
        return isinstance(at, ast.Assert)

    def is_handed(self, scope: ast.AST) -> bool:
        """Whether the program may call it: a function that is given away, a method of an object of the script."""
        at: ast.AST | None = scope
        while at is not None:
            if isinstance(at, ast.Lambda) or (isinstance(at, FUNCTIONS) and at.name in self.handed):
                return True
            case = self.above.get(at)
            if isinstance(at, FUNCTIONS) and isinstance(case, ast.ClassDef) and not is_a_test(case):
                return True
            at = case
        return False

    def _read(self, node: ast.AST) -> None:
        scope = self.scope(node) if node is not self.tree else self.tree
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                theirs = getattr(node, "module", None) == "solution" or alias.name == "solution"
                name = (alias.asname or alias.name).partition(".")[0]
                self._bind(scope, name, None, frozenset((ANSWER,)) if theirs else NOTHING)
        elif isinstance(node, FUNCTIONS):
            for made in (None, *node.decorator_list):  # `@counted`, which may be the program's
                self._bind(scope, node.name, made)
            self._parameters(node)
        elif isinstance(node, ast.Lambda):
            function = getattr(self.above.get(self.above[node]), "func", None)  # of a keyword's call
            function = getattr(self.above[node], "func", function)
            for part, default in zip(node.args.args[::-1], node.args.defaults[::-1], strict=False):
                self._bind(node, part.arg, default)
            for part in arguments(node.args):
                plain = getattr(function, "id", "") in NO_ANSWERS
                self._bind(node, part.arg, None, NOTHING if plain else frozenset((TOLD,)))
        elif isinstance(node, ast.ClassDef):
            self._bind(scope, node.name, None)
            for base in node.bases:
                self.bound[scope, node.name].append((base, NOTHING))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(scope, target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            while isinstance(node, ast.NamedExpr) and not isinstance(scope, (*FUNCTIONS, ast.Module, ast.Lambda)):
                scope = self.scope(scope)
            if node.value is not None:
                self._assign(scope, node.target, node.value)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self._walk(scope, node.target, node.iter)
        elif isinstance(node, ast.comprehension):
            self._walk(self.above[node], node.target, node.iter)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._assign(scope, node.optional_vars, node.context_expr)
            block = self.above[node]
            if isinstance(node.optional_vars, ast.Name) and isinstance(block, ast.With) and expects_an_error(block):
                self._bind(scope, node.optional_vars.id, None, frozenset((ANSWER,)))
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self._bind(scope, node.name, None, frozenset((ANSWER,)))
        elif isinstance(node, ast.Match):
            for inner in ast.walk(node):
                caught = (
                    getattr(inner, "name", getattr(inner, "rest", None)) if isinstance(inner, ast.pattern) else None
                )
                if caught:
                    self._bind(scope, caught, node.subject)
        elif isinstance(node, ast.Call):
            self._puts(node)

    def _puts(self, node: ast.Call) -> None:
        """`want.append(f(x))`, `heappush(heap, f(x))`, `setattr(self, "got", f(x))`."""
        given = [*node.args, *(word.value for word in node.keywords)]
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if isinstance(node.func, ast.Attribute) and name in PUTS:
            for item in given:
                self._flow(node, node.func.value, item)
        elif name in PUTTING and len(given) > 1:
            for item in given[1:]:
                self._flow(node, given[0], item)
            if name == "setattr" and isinstance(given[1], ast.Constant):
                self.bound.setdefault(("attribute", str(given[1].value)), []).append((given[-1], NOTHING))

    def _parameters(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """What a function is given: by its calls, by fixtures of these names, by `parametrize`, by the program."""
        given = arguments(node.args)
        rows = dict(parametrized(node))
        for decorated in (node, self.above.get(node)):
            rows |= dict(parametrized(decorated)) if isinstance(decorated, ast.ClassDef) else {}
        for part in given:
            self._bind(node, part.arg, None)
            values = self.bound[node, part.arg]
            if part.arg in ("self", "cls", "request") or part.arg in rows:
                values += [(value, NOTHING) for value in rows.get(part.arg, ())]
                continue
            if node.name == "check" and self.above[node] is self.tree:
                values.append((None, frozenset((ANSWER,))))
            elif self.is_handed(node):
                values.append((None, frozenset((TOLD,))))
            if part.arg in self.own:  # a fixture
                name = ast.Name(part.arg, ast.Load())
                asked = ast.Call(name, [], [])
                self.above[asked], self.above[name] = self.tree, asked
                values.append((asked, NOTHING))
        defaults = [*([None] * (len(node.args.args) - len(node.args.defaults))), *node.args.defaults]
        for part, default in zip(node.args.args, defaults, strict=False):
            if default is not None:
                self.bound[node, part.arg].append((default, NOTHING))

    def _calls(self) -> None:
        """Parameters are what the calls of their function give them."""
        for node in [node for node in self.nodes if isinstance(node, ast.Call)]:
            for function in self.own.get(getattr(node.func, "id", getattr(node.func, "attr", "")), ()):
                names = [part.arg for part in arguments(function.args)]
                names = names[1:] if names[:1] in (["self"], ["cls"]) else names
                plain = not any(isinstance(item, ast.Starred) for item in node.args) and function.args.vararg is None
                pairs: list[tuple[str, ast.expr]] = list(zip(names, node.args, strict=False)) if plain else []
                if not plain:
                    pairs = [(one, item) for one in names for item in node.args]
                pairs += [(word.arg, word.value) for word in node.keywords if word.arg in names]
                pairs += [(one, word.value) for word in node.keywords if word.arg is None for one in names]
                for one, value in pairs:
                    self.bound[function, one].append((value, NOTHING))

    def _assign(self, scope: ast.AST, target: ast.expr, value: ast.expr) -> None:
        pieces, values = parts(target), parts(value)
        if pieces and len(pieces) == len(values) and not any(isinstance(p, ast.Starred) for p in (*pieces, *values)):
            for part, held in zip(pieces, values, strict=True):
                self._assign(scope, part, held)
        elif pieces:
            for part in pieces:
                self._assign(scope, part, value)
        elif isinstance(target, ast.Starred):
            self._assign(scope, target.value, value)
        elif isinstance(target, ast.Name):
            self._bind(scope, target.id, value)
        elif isinstance(target, ast.Attribute):
            made = frozenset((_BY + TOLD,)) if self.is_handed(scope) else NOTHING
            self.bound.setdefault(("attribute", target.attr), []).append((value, made))
            self._flow(target, target.value, value)
        elif isinstance(target, ast.Subscript):
            for part in (value, target.slice):  # `seen[f(x)] = True`
                self._flow(target, target.value, part)

    def _walk(self, scope: ast.AST, target: ast.expr, over: ast.expr) -> None:
        """`for xs, want in [([3, 1], [1, 3])]`."""
        rows = [parts(row) for row in parts(over)]
        width = len(parts(target))
        if rows and width and all(len(row) == width for row in rows):
            for at, part in enumerate(parts(target)):
                for row in rows:
                    self._assign(scope, part, row[at])
            return
        self._assign(scope, target, over)

    def _flow(self, node: ast.AST, into: ast.expr, value: ast.expr) -> None:
        """What is put into something that a name stands for."""
        while isinstance(into, ast.Attribute | ast.Subscript | ast.Call):
            if isinstance(into, ast.Attribute):
                self.bound.setdefault(("attribute", into.attr), []).append((value, NOTHING))
            into = into.func if isinstance(into, ast.Call) else into.value
        if isinstance(into, ast.Name) and into.id not in ("self", "cls"):
            handed = self.is_handed(self.scope(node))
            self.put.append((into, value, frozenset((_BY + TOLD,)) if handed else NOTHING))

    def _settle(self) -> None:
        self._calls()
        for name, functions in self.own.items():
            for function in functions:
                inner = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
                self.under.setdefault(("says", name), []).extend(inner)
                said = [
                    inner.value
                    for inner in ast.walk(function)
                    if isinstance(inner, ast.Return | ast.Yield | ast.YieldFrom)
                ]
                self.bound.setdefault(("says", name), []).extend((value, NOTHING) for value in said)
        for into, value, made in self.put:
            if (where := self._where(into, into.id)) is not None:
                self.held.setdefault(where, []).append((value, made))
                self.under.setdefault(where, []).extend(conditions(into, self.above))
        for where, pieces in [*self.held.items()]:  # `record(results, f(x))`
            for value, _ in self.bound.get(where, ()) if isinstance(where[0], FUNCTIONS) else ():
                outer = self._where(value, value.id) if isinstance(value, ast.Name) else None
                if outer is not None and outer != where:
                    self.held.setdefault(outer, []).extend(pieces)
        self._repeat()

    def _repeat(self) -> None:
        """What each name is made of, again until nothing is added."""
        for _ in range(_ROUNDS):
            before = dict(self.made)
            for where, values in self.bound.items():
                if where not in self.pinned:
                    self.made[where] = self._of_several(where, values)
            if self.made == before:
                return
        self.made = {where: frozenset((UNKNOWN,)) for where in self.bound}

    def _of_several(self, where: Where, values: list[tuple[ast.expr | None, Made]]) -> Made:
        found = [self.of(value) | made for value, made in values]
        calls = [value for value, _ in values if isinstance(value, ast.Call) and ANSWER in self.of(value.func)]
        if len(calls) < len(values):  # else it is the program's: `bag.add(row)`
            found += [self.of(value) | made for value, made in self.held.get(where, ())]
        lists = [value for (value, _), of in zip(values, found, strict=False) if not of & THEIRS]
        own = any(value is not None and not is_number(value) for value in lists)
        root = f"{getattr(where[0], 'lineno', where[0] if isinstance(where[0], str) else 0)} {where[1]}"
        under = {f"{_BY}{made}" for value in self.under.get(where, ()) for made in self.of(value)}
        return NOTHING.union([root] if own else (), {made.replace(_BY * 2, _BY) for made in under}, *found)

    def _pins(self) -> Iterator[Where]:
        """Names of answers of which their function says by a value of its own what they are: `assert k == 2`."""
        for node in self.nodes:
            test = node.test if isinstance(node, ast.Assert) else None
            pairs: list[ast.expr] = []
            if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
                pairs = [test.left, test.comparators[0]]
            elif isinstance(node, ast.Expr) and getattr(getattr(node.value, "func", None), "attr", "") == "assertEqual":
                pairs = node.value.args[:2]  # type: ignore[attr-defined]
            above = self.above.get(node)
            for one, other in (pairs, pairs[::-1]) if len(pairs) == 2 else ():
                if (
                    not isinstance(one, ast.Name)
                    or not self.is_fixed(other, known=False)
                    or self.of(one) & self.exposed
                ):
                    continue
                where = self._where(one, one.id)
                once = where is not None and len(self.bound[where]) == 1
                if where is not None and once and where[0] is above and isinstance(above, (*FUNCTIONS, ast.Module)):
                    yield where

    def _given(self, node: ast.AST) -> Made:
        """What a call gives the program: a database, too, that executes a statement of its."""
        if not isinstance(node, ast.Call):
            return NOTHING
        states = getattr(node.func, "attr", "") == "execute" and self.of(node.args[0] if node.args else None) & THEIRS
        found = self.of(node.func) - THEIRS if states else NOTHING
        for item in given_apart(node) if self.of(node.func) & THEIRS else ():
            given = item.body if isinstance(item, ast.Lambda) else item  # what a function gives it
            puts = given.func if isinstance(given, ast.Call) else given
            found |= NOTHING if getattr(puts, "attr", "") in PUTS else self.of(given)
            found |= self.made.get(("says", getattr(item, "id", "")), NOTHING)
        return found
