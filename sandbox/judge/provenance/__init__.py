"""Of what the values in a Python test script are made: what is written down, what stands in its own lists and objects, and what
the program answers. Known ways of giving a name a meaning (`bindings`) are followed; what comes by another is unknown.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sandbox.judge.provenance.bindings import ANSWER, BY, NOTHING, TOLD, UNKNOWN, Bindings, Made, Where
from sandbox.judge.written import (
    FUNCTIONS,
    NO_ANSWERS,
    PUTS,
    REACHING,
    conditions,
    given_apart,
    is_number,
    leaves,
)

__all__ = ["ANSWER", "TOLD", "UNKNOWN", "Provenance"]
THEIRS = frozenset((ANSWER, TOLD, UNKNOWN))
_PROGRAM = ("solution", "candidate")
_ROUNDS = 12


class Provenance:
    """Of what a script's values are made. `exposed`: names of what the program was given, and may have changed; `entry`: a name of the
    program's.
    """

    def __init__(self, tree: ast.Module, entry: str | None = None) -> None:
        self.entry = entry
        self.script = Bindings(tree)
        self.made: dict[Where, Made] = {}
        self.pinned = set[Where]()
        self._repeat()
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
        made = {one.removeprefix(BY) for one in self.of(node)}
        return not made & THEIRS and (known or not made & self.exposed)

    def is_theirs(self, node: ast.expr) -> bool:
        """Whether it is what stands under a name of the program's."""
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        where = self.script.where(node, node.id) if isinstance(node, ast.Name) else None
        imported = where is None or all(value is None for value, _ in self.script.bound[where])
        return isinstance(node, ast.Name) and imported and ANSWER in self.of(node)

    def is_mixed(self, made: Made) -> bool:
        """Whether it is made of what the program says and of what it was given, of which each may say what the other is to be."""
        return ANSWER in made and bool(made & self.exposed)

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
            said = self.made.get(("says", name), NOTHING) if name in self.script.own else NOTHING
            return function.union(said, *given)
        if isinstance(node, ast.Attribute):
            if node.attr in REACHING:
                return frozenset((UNKNOWN,))
            said = self.made.get(("says", node.attr), NOTHING)  # of a property
            said |= {TOLD} if getattr(node.value, "id", "") in self.script.handed else NOTHING  # what a function keeps
            return self.of(node.value).union(said, self.made.get(("attribute", node.attr), NOTHING))
        return NOTHING.union(*map(self.of, ast.iter_child_nodes(node)))

    def _name(self, node: ast.Name) -> Made:
        if node.id in REACHING:
            return frozenset((UNKNOWN,))
        if (where := self.script.where(node, node.id)) is not None:
            return self.made.get(where, NOTHING)
        if node.id in _PROGRAM:
            return frozenset((ANSWER,))
        return NOTHING if node.id in NO_ANSWERS and node.id != self.entry else frozenset((ANSWER,))

    def reaching(self, node: ast.AST) -> Made:
        """Of what is made what says whether a node is come to, in its function."""
        scope = self.script.scope(node)
        found = [*conditions(node, self.script.above)]
        line = getattr(node, "lineno", 0)
        for before in self.script.nodes:
            if isinstance(before, ast.If | ast.While) and before.lineno < line and leaves(before):
                found += [before.test] if self.script.scope(before) is scope else []
        return NOTHING.union(*map(self.of, found))

    def _exposed(self) -> Made:
        return (
            frozenset(made for node in self.script.nodes for made in self._given(node) if not made.startswith(BY))
            - THEIRS
        )

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

    def _repeat(self) -> None:
        """What each name is made of, again until nothing is added."""
        for _ in range(_ROUNDS):
            before = dict(self.made)
            for where, values in self.script.bound.items():
                if where not in self.pinned:
                    self.made[where] = self._of_several(where, values)
            if self.made == before:
                return
        self.made = {where: frozenset((UNKNOWN,)) for where in self.script.bound}

    def _of_several(self, where: Where, values: list[tuple[ast.expr | None, Made]]) -> Made:
        found = [self.of(value) | made for value, made in values]
        calls = [value for value, _ in values if isinstance(value, ast.Call) and ANSWER in self.of(value.func)]
        if len(calls) < len(values):  # else it is the program's: `bag.add(row)`
            found += [self.of(value) | made for value, made in self.script.held.get(where, ())]
        lists = [value for (value, _), of in zip(values, found, strict=False) if not of & THEIRS]
        own = any(value is not None and not is_number(value) for value in lists)
        root = f"{getattr(where[0], 'lineno', where[0] if isinstance(where[0], str) else 0)} {where[1]}"
        under = {f"{BY}{made}" for value in self.script.under.get(where, ()) for made in self.of(value)}
        return NOTHING.union([root] if own else (), {made.replace(BY * 2, BY) for made in under}, *found)

    def _pins(self) -> Iterator[Where]:
        """Names of answers of which their function says by a value of its own what they are: `assert k == 2`."""
        for node in self.script.nodes:
            test = node.test if isinstance(node, ast.Assert) else None
            pairs: list[ast.expr] = []
            if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq):
                pairs = [test.left, test.comparators[0]]
            elif isinstance(node, ast.Expr) and getattr(getattr(node.value, "func", None), "attr", "") == "assertEqual":
                pairs = node.value.args[:2]  # type: ignore[attr-defined]
            above = self.script.above.get(node)
            for one, other in (pairs, pairs[::-1]) if len(pairs) == 2 else ():
                if (
                    not isinstance(one, ast.Name)
                    or not self.is_fixed(other, known=False)
                    or self.of(one) & self.exposed
                ):
                    continue
                where = self.script.where(one, one.id)
                once = where is not None and len(self.script.bound[where]) == 1
                if where is not None and once and where[0] is above and isinstance(above, (*FUNCTIONS, ast.Module)):
                    yield where
