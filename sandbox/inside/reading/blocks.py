"""Blocks of a test script that may swallow what is raised in them. Runs in the container, in the tests' own process."""

import ast
from collections.abc import Mapping

from sandbox.inside.reading.calls import call, instead
from sandbox.inside.reading.sides import ends_at_once, is_failure, tells, walk


class Blocks(ast.NodeTransformer):
    """`with`, `try` and `match` say what they swallow, and that they looked at something."""

    own: Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]
    branched: bool

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
        for handler in node.handlers:
            leaves = any(isinstance(inner, ast.Break | ast.Return) for inner in handler.body)
            ends = leaves and handler.type is not None and "Stop" in ast.dump(handler.type)  # a loop's end
            alone = all(isinstance(inner, ast.Pass | ast.Continue) for inner in handler.body)
            if handler.name != "_lab_error" and not ends and (expected or not alone):
                handler.body = [ast.Expr(call("_lab_made")), *handler.body]
        self.generic_visit(node)
        return node

    visit_TryStar = visit_Try  # type: ignore[assignment]
