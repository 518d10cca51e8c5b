"""Names of a test that are to stand for several objects of the program: `left` and `right`, of which one is compared with this and
the other with that. Runs in the container, in the tests' own process.
"""

import ast
from collections.abc import Iterator, Sequence

from sandbox.inside.reading.calls import call
from sandbox.inside.reading.sides import compared, walk

Named = tuple[str, str]
"""A name and the function of which it is; what a fixture gives, and `self.left`, is of none."""


class Standing(ast.NodeTransformer):
    """Has each of these names in a script say what it stands for, once the rest of it is rewritten. Those that are compared with each
    other may stand for one object.
    """

    def __init__(self, nodes: Sequence[ast.AST]) -> None:
        self.group: dict[Named, Named] = {}
        self.asked: dict[int, tuple[ast.expr, Named]] = {}
        for function in [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]:
            for pair in compared(list(walk(function))) if function.name.startswith("test") else ():
                self._read(pair, function)
        wheres = {where for where, _ in self.group}
        self.several = {where for where in wheres if len({of for (at, _), of in self.group.items() if at == where}) > 1}

    def _read(self, pair: list[ast.expr], function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        found = [list(_names(side, function)) for side in pair]
        for node, named in [*found[0], *found[1]]:
            self.asked[id(node)] = node, named
            self.group.setdefault(named, named)
        if all(len(names) == 1 and names[0][0] is side for names, side in zip(found, pair, strict=True)):
            stays, gone = (self.group[names[0][1]] for names in found)
            self.group = {name: stays if of == gone else of for name, of in self.group.items()}

    def visit(self, node: ast.AST) -> ast.AST:
        _, named = self.asked.pop(id(node), (node, ("", "")))
        made = super().visit(node)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and str(node.lineno) in self.several:
            begins = call("_lab_stands", ast.Constant(str(node.lineno)), ast.Constant(""), ast.Constant(None))
            node.body.insert(0, ast.Expr(begins))
        if not named[1] or named[0] not in self.several or not isinstance(made, ast.expr):
            return made
        label = " ".join(self.group[named]).strip()
        return call("_lab_stands", ast.Constant(named[0]), ast.Constant(label), made)


def _names(side: ast.expr, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[ast.expr, Named]]:
    """The names that a side is, or that stand in a list, tuple, set or dict that it is."""
    parts = side.elts if isinstance(side, ast.List | ast.Tuple | ast.Set) else [side]
    parts = side.values if isinstance(side, ast.Dict) else parts
    given = {part.arg for part in (*function.args.args, *function.args.kwonlyargs)}
    for part in parts:
        if isinstance(part, ast.Call) and getattr(part.func, "id", "") == "id" and part.args:
            part = part.args[0]
        if isinstance(part, ast.Name):
            yield part, ("" if part.id in given else str(function.lineno), part.id)
        elif isinstance(part, ast.Attribute) and getattr(part.value, "id", "") == "self":
            yield part, ("", f"self.{part.attr}")
