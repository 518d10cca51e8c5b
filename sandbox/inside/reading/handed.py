"""What a script hands on before it is compared: answers, and what they are to be, to functions of its own, in pairs, by
names. Runs in the container, in the tests' own process.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sandbox.inside.reading.calls import named_by
from sandbox.inside.reading.sides import compared, names_of_the_program, names_read, names_written, walk


def answered(nodes: Sequence[ast.AST], own: Mapping[str, Any], theirs: set[str]) -> dict[str, set[str]]:
    """By function of the script the parameters to which it hands answers. `theirs`: the names of these."""
    found: dict[str, set[str]] = {}
    for node in nodes:
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if name not in own or not isinstance(node, ast.Call):
            continue
        names = [part.arg for part in own[name].args.args]
        if isinstance(node.func, ast.Attribute) and names[:1] == ["self"]:
            names = names[1:]
        some = any(isinstance(item, ast.Starred) for item in node.args)
        said = [
            *zip(names, [] if some else node.args, strict=False),
            *((word.arg, word.value) for word in node.keywords),
        ]
        taken = found.setdefault(name, set())
        taken |= {one for one, value in said if one is not None and names_read(value) & theirs}
    return found


def in_order(node: ast.Call) -> None:
    """`assertEqual(first=a, second=b)` as `assertEqual(a, b)`."""
    words = {word.arg: word.value for word in node.keywords}
    if not node.args and [*words][:2] == ["first", "second"]:
        node.args = [words["first"], words["second"]]
        node.keywords = node.keywords[2:]


def loosely_used(tree: ast.Module) -> list[str]:
    """The program's constants that reach a comparison by another way than standing in it: kept in a variable, given to a
    parameter or by a function, put together. Not those that the program is given, nor those that a literal says.
    """
    nodes = list(walk(tree))
    bound = names_written(nodes)
    by_name = [*_by_name(nodes, bound)]
    if not by_name and not any(getattr(node, "attr", getattr(node, "id", "")).isupper() for node in nodes):
        return []
    theirs = names_of_the_program(tree)
    said = {name for node in nodes for name in _said_by_a_literal(node, bound)}
    return sorted({*by_name, *_loose(tree, bound, theirs), *_of_names(nodes, bound, theirs)} - said)


def _of_names(nodes: list[ast.AST], bound: set[str], theirs: set[str]) -> Iterator[str]:
    """`.label` where an answer is compared with `want.label`, whatever constant `want` is."""
    for pair in compared(nodes):
        for side, other in (pair, pair[::-1]):
            of = side.value if isinstance(side, ast.Attribute) else None
            if isinstance(of, ast.Name) and of.id in bound and names_read(other) & theirs:
                yield f".{side.attr}"  # type: ignore[attr-defined]


def _said_by_a_literal(node: ast.AST, bound: set[str]) -> Iterator[str]:
    """`assert LIMIT == 3`."""
    sides: list[ast.expr] = []
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", "").startswith("assert"):
        sides = node.args[:2]
    if any(isinstance(side, ast.Constant) for side in sides):
        yield from filter(None, (named_by(side, bound) for side in sides))


def _by_name(nodes: Sequence[ast.AST], bound: set[str]) -> Iterator[str]:
    """`getattr(Status, name)`, of whatever names the script has."""
    asked = [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr"]
    owners = {named_by(node.args[0], bound) for node in asked if len(node.args) > 1} - {""}
    words = {getattr(node, "value", None) for node in nodes if isinstance(node, ast.Constant)} if owners else set()
    for word in words:
        if isinstance(word, str) and word.isidentifier() and word.isupper():
            yield from (f"{owner}.{word}" for owner in owners)


def _loose(node: ast.AST, bound: set[str], theirs: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and (of := named_by(node.value, bound)):
        if of.isupper():
            yield f"{of}[{node.slice.value!r}]"
        return
    if isinstance(node, ast.Name | ast.Attribute) and (name := named_by(node, bound)):
        if name.rpartition(".")[2].isupper():
            yield name
        return
    parts = [*ast.iter_child_nodes(node)]
    if isinstance(node, ast.Compare):
        parts = [side for side in (node.left, *node.comparators) if not named_by(side, bound)]
    elif isinstance(node, ast.Call):
        asserts = getattr(node.func, "attr", "").startswith("assert")
        given = [*node.args, *(word.value for word in node.keywords)]
        parts = [node.func, *(item for item in given if not (asserts and named_by(item, bound)))]
        function = getattr(node.func, "id", "")
        if function == "range" or (names_read(node.func) & theirs and function not in bound):
            parts = [node.func]
    for part in parts:
        yield from _loose(part, bound, theirs)
