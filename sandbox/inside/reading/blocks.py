"""Blocks of a test script: what may be swallowed in them, and whether they look at anything. Runs in the container, in the
tests' own process.
"""

import ast
import copy
from collections.abc import Mapping

from sandbox.inside.reading.calls import call, instead, listed
from sandbox.inside.reading.sides import (
    ends_at_once,
    is_bare_return,
    is_content_with_nothing,
    is_failure,
    is_truth,
    names_read,
    runs,
    sliced,
    tells,
    walk,
)
from sandbox.inside.reading.truths import compares

_KINDS = (ast.Name, ast.Attribute, ast.Tuple)


class Blocks(ast.NodeTransformer):
    """`with`, `try`, `match`, loops and branches say what they swallow, and that they looked at something. What the names
    mean is said in `Counted`, which reads all else of a script.
    """

    comparing: set[str]
    own: Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]
    theirs: set[str]
    inside: bool
    looped: bool
    branched: bool
    nothing: set[str]

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.pattern, ast.MatchAs) and node.pattern.pattern is None):
            node.body = [ast.Expr(call("_lab_made")), *node.body]
        return node

    def visit_With(self, node: ast.With | ast.AsyncWith) -> ast.AST:
        """What it is sure to raise, whatever the program answers, is there to be swallowed."""
        for item in node.items if tells(node.body) else ():
            made = item.context_expr
            if isinstance(made, ast.Call) and ast.dump(made.func).count("'suppress'"):
                instead(made, "_lab_suppress")
        sure = None if self.branched else ends_at_once(node.body, self.own)
        self.generic_visit(node)
        if sure is not None and sure.exc is not None:
            sure.exc = call("_lab_own", sure.exc)
        return node

    visit_AsyncWith = visit_With

    def visit_Try(self, node: ast.Try) -> ast.AST:
        """An exception that is caught and left alone was expected where the script fails without it."""
        expected = any(is_failure(inner) for part in (*node.body, *node.orelse) for inner in walk(part))
        kinds = [handler.type for handler in node.handlers if handler.name != "_lab_error" and handler.type is not None]
        if kinds and all(isinstance(inner, _KINDS) for kind in kinds for inner in walk(kind)):
            node.body = [ast.Expr(call("_lab_expects", *map(copy.deepcopy, kinds))), *node.body]
        for handler in node.handlers:
            leaves = any(isinstance(inner, ast.Break | ast.Return) for inner in handler.body)
            ends = leaves and handler.type is not None and "Stop" in ast.dump(handler.type)  # a loop's end
            alone = all(isinstance(inner, ast.Pass | ast.Continue) for inner in handler.body)
            if handler.name != "_lab_error" and not ends and (expected or not alone):
                handler.body = [ast.Expr(call("_lab_made")), *handler.body]
        self.generic_visit(node)
        return node

    visit_TryStar = visit_Try  # type: ignore[assignment]

    def visit_For(self, node: ast.For | ast.AsyncFor) -> ast.AST:
        """In a method of a test class, which is one test, a loop that asserts over an answer has something to assert."""
        before = self.looped
        zips = isinstance(node.iter, ast.Call) and getattr(node.iter.func, "id", "") == "zip"
        told = tells(node.body) or self._notes(node.body)
        if zips and not before and not self.inside and told and sliced(node.iter):  # type: ignore[arg-type]
            pair: list[ast.expr] = node.iter.args  # type: ignore[attr-defined]
            pair[0] = call("_lab_filled", pair[0]) if self._uses(pair[0]) else pair[0]  # `zip(out, out[1:])`
        if not before and not zips and not self.inside and self._uses(node.iter) and told:
            node.iter = call("_lab_stream" if isinstance(node, ast.AsyncFor) else "_lab_some", node.iter)
        self.looped = True
        self.generic_visit(node)
        self.looped = before
        return node

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> ast.AST:
        """`while out: self.assertEqual(out.pop(), want.pop())`."""
        plain = isinstance(node.test, ast.Name | ast.Attribute)
        if plain and not self.inside and self._uses(node.test) and tells(node.body):
            node.test = call("_lab_filled", node.test)
        return self.generic_visit(node)

    def _notes(self, body: list[ast.stmt]) -> bool:
        """Whether a loop looks for what is wrong and notes it in a name of which the script asserts that it is nothing."""
        inner = [node for statement in body for node in walk(statement)]
        looks: list[ast.stmt] = [node for node in inner if isinstance(node, ast.If)]
        looks += [node for node in inner if isinstance(node, ast.Assign | ast.AugAssign) and compares([node.value])]
        changed = set[str]()
        for node in [part for look in looks for part in walk(look)]:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                changed.add(node.id)
            elif isinstance(node, ast.Attribute) and node.attr in ("append", "add", "extend", "update"):
                changed.add(getattr(node.value, "id", ""))
        return bool(changed & self.nothing)

    def visit_If(self, node: ast.If) -> ast.AST:
        before = self.inside
        left = all(isinstance(inner, ast.Continue | ast.Pass) or is_bare_return(inner) for inner in node.body)
        left = left or is_content_with_nothing(node)
        self.inside = before and not left  # `if got is None: return` compares nothing
        asks = self.inside and not compares([node.test])
        node.test = self.visit(node.test)
        node.test = call("_lab_made", node.test) if asks else node.test
        self.inside = before
        if any(map(is_failure, node.body)):
            node.test = self._judged(node.test)
        branched, self.branched = self.branched, True
        node.body = [item for inner in node.body for item in listed(self.visit(inner))]
        node.orelse = [item for inner in node.orelse for item in listed(self.visit(inner))]
        self.branched = branched
        return node

    def _uses(self, node: ast.AST) -> bool:
        return not names_read(node).isdisjoint(self.theirs)

    def _judged(self, test: ast.expr, alone: bool = True) -> ast.expr:
        """What is asserted, so that it counts where it compares. `alone`: it does not stand beside an `all` or `any`, where
        `isinstance` and the like say nothing of the values.
        """
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test.operand = self._judged(test.operand, alone)
            return test
        if isinstance(test, ast.BoolOp):
            over = any(getattr(inner, "id", "") in ("all", "any") for inner in walk(test))
            test.values = [self._judged(value, alone and not over) for value in test.values]
            return test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and is_truth(test.comparators[0]):
            test.left = self._judged(test.left, alone)
            return test
        if runs(test) in self.comparing:
            return test
        function = test.func.id if isinstance(test, ast.Call) and isinstance(test.func, ast.Name) else ""
        if isinstance(test, ast.Call) and function:
            if function in ("all", "any") and len(test.args) == 1:
                test.args = [call("_lab_each", test.func, test.args[0])]
                return test
            if function == "bool" and len(test.args) == 1:
                return self._judged(test.args[0], alone)
            asks = getattr(test.args[0], "id", "") if function == "_lab_has" else function
            if not alone and asks in ("isinstance", "callable", "hasattr"):
                return test
            if function == "_lab_compare" and is_truth(test.args[3]):
                test.args[2] = self._judged(test.args[2], alone)
                return test
        return call("_lab_made", test)
