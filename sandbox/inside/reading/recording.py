"""A test script rewritten so that its comparisons are told of (`recorded.py`), and nothing of it stops at one that does not
hold. Runs in the container, in the tests' own process.
"""

import ast
from collections.abc import Set
from typing import Any

from sandbox.inside.compared import COMPARISONS
from sandbox.inside.crossing.operations import INSPECTED
from sandbox.inside.reading.calls import call, instead
from sandbox.inside.reading.handed import in_order

UNTOLD = ("raises", "warns", "logs")
"""Words in the names of assertions that hold of a block or a call and not of values."""


def place(kind: str, node: ast.expr | ast.stmt) -> str:
    return f"{kind}{node.lineno}:{node.col_offset}"


class Recording(ast.NodeTransformer):
    """`own`: functions of the script, which tell of what they compare by themselves."""

    def __init__(self, own: Set[str]) -> None:
        self.own = own

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        sign = type(node.ops[0]).__name__
        if len(node.ops) > 1 or sign not in COMPARISONS:
            return node
        return call("_lab_saw", ast.Constant(place("c", node)), ast.Constant(sign), node.left, node.comparators[0])

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        """What raises in it does not end its test either."""
        where = place("r", node)
        handler = ast.ExceptHandler(
            ast.Name("Exception", ast.Load()), None, [ast.Expr(call("_lab_raised", ast.Constant(where)))]
        )
        held = ast.Expr(call("_lab_held", self._asserted(node.test)))
        return ast.Try(body=[held], handlers=[handler], orelse=[], finalbody=[])

    def visit_Raise(self, node: ast.Raise) -> Any:
        """An exception of the tests' own says that something does not hold."""
        self.generic_visit(node)
        return [ast.Expr(call("_lab_raises", ast.Constant(place("f", node)))), node] if node.exc else node

    def _asserted(self, test: ast.expr) -> ast.expr:
        if isinstance(test, ast.BoolOp):
            test.values = [self._asserted(value) for value in test.values]
            return test
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test.operand = self._asserted(test.operand)
            return test
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self.visit(test)
        return call("_lab_truth", ast.Constant(place("t", test)), self.visit(test))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        asserts = (name.startswith("assert") or name == "fail") and name not in self.own
        if asserts:
            in_order(node)
        told = asserts and (node.args or name == "fail") and not any(word in name.lower() for word in UNTOLD)
        where = place("a", node)
        self.generic_visit(node)
        if name == "execute" and node.args and not isinstance(node.args[0], ast.Constant):
            instead(node, "_lab_stated")
        elif told:
            node.args = [ast.Constant(where), node.func, *node.args]
            node.func = ast.Name("_lab_asserted", ast.Load())
        elif (name in INSPECTED or name in ("isinstance", "issubclass", "hasattr", "callable")) and node.args:
            instead(node, "_lab_has")
        return node
