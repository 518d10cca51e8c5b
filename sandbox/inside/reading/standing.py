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
        self.built = set[str]()
        """Names of what the script itself has its class make."""
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        own = {function.name for function in functions}
        for function in functions:
            if function.name.startswith("test") or function.name == "check":
                self._all(function.body, own, str(function.lineno), function.args)
        module = nodes[0]
        if isinstance(module, ast.Module):
            kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
            self._all([node for node in module.body if not isinstance(node, kinds)], own, "0", None)
        wheres = {where for where, _ in self.group}
        self.several = {where for where in wheres if len({of for (at, _), of in self.group.items() if at == where}) > 1}

    def _all(self, body: list[ast.stmt], own: set[str], where: str, args: ast.arguments | None) -> None:
        """What these statements compare, themselves or by functions of the script."""
        nodes = [inner for node in body for inner in walk(node)]
        calls = [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") in own]
        self.built |= {target.id for node in nodes for target in _built(node)}
        given = {part.arg for part in (*args.args, *args.kwonlyargs)} if args else set[str]()
        for pair in [*compared(nodes), *(one.args[:2] for one in calls if len(one.args) > 1)]:
            self._read(pair, where, given)

    def _read(self, pair: list[ast.expr], where: str, given: set[str]) -> None:
        found = [list(_names(side, where, given)) for side in pair]
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
        told = named[1] and named[0] in self.several and named[1] not in self.built
        if not told or not isinstance(made, ast.expr):
            return made
        label = " ".join(self.group[named]).strip()
        return call("_lab_stands", ast.Constant(named[0]), ast.Constant(label), made)


def _built(node: ast.AST) -> Iterator[ast.Name]:
    """`tree` of `tree = Tree(5)`."""
    function = node.value.func if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) else None
    if getattr(function, "id", "")[:1].isupper():
        yield from (target for target in node.targets if isinstance(target, ast.Name))  # type: ignore[attr-defined]


def _names(side: ast.expr, where: str, given: set[str]) -> Iterator[tuple[ast.expr, Named]]:
    """The names that a side is, or that stand in a list, tuple, set or dict that it is. `given`: what fixtures give."""
    parts = side.elts if isinstance(side, ast.List | ast.Tuple | ast.Set) else [side]
    parts = side.values if isinstance(side, ast.Dict) else parts
    for part in parts:
        if isinstance(part, ast.Call) and getattr(part.func, "id", "") == "id" and part.args:
            part = part.args[0]
        root = part.value if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant) else part
        key = f"[{part.slice.value!r}]" if isinstance(part, ast.Subscript) and root is not part else ""  # type: ignore[attr-defined]
        if isinstance(root, ast.Name):
            yield part, ("" if root.id in given else where, f"{root.id}{key}")
        elif isinstance(root, ast.Attribute) and getattr(root.value, "id", "") == "self":
            yield part, ("", f"self.{root.attr}{key}")
