"""What each name of a Python test script is bound to: its assignments, calls, loops and imports, read once."""

from __future__ import annotations

import ast

from sandbox.judge.written import (
    FUNCTIONS,
    NO_ANSWERS,
    PUTS,
    PUTTING,
    SCOPES,
    arguments,
    conditions,
    expects_an_error,
    is_a_test,
    parametrized,
    parts,
)

ANSWER, TOLD, UNKNOWN = "an answer", "told", "unknown"
"""Of what a value is made beside the script's own lists: what the program gives, and what it gives to a function of the script."""
Made = frozenset[str]
NOTHING: Made = frozenset()
BY = "by "
"""What stands before what only says whether, or how often, something is put into a value."""
Where = tuple[ast.AST | str, str]
"""A name and the scope that binds it; or an attribute, or what a function gives."""


class Bindings:
    """A script, read once."""

    def __init__(self, tree: ast.Module) -> None:
        self.above: dict[ast.AST, ast.AST] = {}
        nodes: list[ast.AST] = [tree]
        for node in nodes:
            for child in ast.iter_child_nodes(node):
                self.above[child] = node
                nodes.append(child)
        self.nodes, self.tree = nodes, tree
        self.own: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        """Functions of the script, by name."""
        for node in nodes:
            if isinstance(node, FUNCTIONS):
                self.own.setdefault(node.name, []).append(node)
        called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
        loaded = [node for node in nodes if isinstance(node, ast.Name | ast.Attribute) and id(node) not in called]
        self.handed = {getattr(node, "attr", getattr(node, "id", "")) for node in loaded} & self.own.keys()
        """Those that are given away, and may be called by the program."""
        self.bound: dict[Where, list[tuple[ast.expr | None, Made]]] = {}
        """What each name gets its meaning from; None with what it is made of where no expression says it."""
        self.under: dict[Where, list[ast.expr]] = {}
        """What says whether, and how often, a name gets its meaning: `for x in xs: n += 1`."""
        self.held: dict[Where, list[tuple[ast.expr | None, Made]]] = {}
        """What is put into what a name stands for."""
        self._put: list[tuple[ast.Name, ast.expr | None, Made]] = []
        for node in nodes:
            self._read(node)
        for node in loaded:
            if isinstance(node, ast.Attribute) and node.attr in PUTS and isinstance(node.value, ast.Name):
                self._put.append((node.value, None, frozenset((TOLD,))))
        self._calls()
        self._says()
        self._holds()

    def scope(self, node: ast.AST) -> ast.AST:
        """The function, class or module in which a node stands."""
        at = self.above.get(node, self.tree)
        while not isinstance(at, SCOPES):
            at = self.above[at]
        return at

    def where(self, node: ast.AST, name: str) -> Where | None:
        """The scope in which a name has its meaning, seen from a node."""
        at: ast.AST | None = node
        while at is not None:
            at = self.above.get(at)
            if isinstance(at, SCOPES) and (at, name) in self.bound:
                return at, name
        return None

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

    def _bind(self, scope: ast.AST, name: str, value: ast.expr | None, made: Made = NOTHING) -> None:
        at = scope
        if not isinstance(at, ast.Module):
            for inner in ast.walk(at):
                if isinstance(inner, ast.Global | ast.Nonlocal) and name in inner.names and self.scope(inner) is at:
                    outer = self.where(at, name)
                    at = self.tree if outer is None or isinstance(outer[0], str) else outer[0]
                    made |= {BY + TOLD} if self.is_handed(scope) else NOTHING
                    break
        self.bound.setdefault((at, name), []).append((value, made))
        if value is not None:
            self.under.setdefault((at, name), []).extend(conditions(value, self.above))
        if isinstance(at, ast.ClassDef):
            self.bound.setdefault(("attribute", name), []).append((value, made))

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
            made = frozenset((BY + TOLD,)) if self.is_handed(scope) else NOTHING
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
            self._put.append((into, value, frozenset((BY + TOLD,)) if handed else NOTHING))

    def _says(self) -> None:
        """What the script's own functions give."""
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

    def _holds(self) -> None:
        """What is put into what names stand for."""
        for into, value, made in self._put:
            if (where := self.where(into, into.id)) is not None:
                self.held.setdefault(where, []).append((value, made))
                self.under.setdefault(where, []).extend(conditions(into, self.above))
        for where, pieces in [*self.held.items()]:  # `record(results, f(x))`
            for value, _ in self.bound.get(where, ()) if isinstance(where[0], FUNCTIONS) else ():
                outer = self.where(value, value.id) if isinstance(value, ast.Name) else None
                if outer is not None and outer != where:
                    self.held.setdefault(outer, []).extend(pieces)
