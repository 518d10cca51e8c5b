"""Calls that a rewritten script makes in the place of what it says. Runs in the container, in the tests' own process."""

import ast
import copy
from collections.abc import Mapping, Sequence, Set
from typing import Any


def lent(answer: ast.expr, state: ast.expr, names: Sequence[str]) -> ast.expr:
    """`names`: of what the state is made, where it is only looked at if one of them is a list, dict or set."""
    given: list[ast.expr] = [ast.Name(name, ast.Load()) for name in names]
    return call("_lab_lent", later(answer), later(copy.deepcopy(state)), *given)


def later(made: ast.expr) -> ast.expr:
    return ast.Lambda(ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]), made)


def instead(node: ast.Call, name: str) -> None:
    """Have `name` called with the function and what it was to be called with."""
    node.args.insert(0, node.func)
    node.func = ast.Name(name, ast.Load())


def listed(made: Any) -> list[ast.stmt]:
    return made if isinstance(made, list) else [made]


def call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def sided(node: ast.Call, name: str) -> None:
    """Have what is asserted to be equal be looked at together."""
    two = node.args[:2]
    plain = len(two) == 2 and not any(isinstance(item, ast.Starred) for item in two)
    if name in _ALIKE and plain and ast.dump(two[0]) != ast.dump(two[1]):
        node.args[:2] = [ast.Starred(call("_lab_sides", call("_lab_now"), *two), ast.Load())]


_ALIKE = (
    "assertIs",
    "assertIn",
    *(f"assert{kind}Equal" for kind in ("", "List", "Tuple", "Dict", "Set", "Sequence", "Count")),
)


def named_by(side: ast.expr, bound: set[str]) -> str:
    """The name under which the program has a constant: `LIMIT`, `Status.BANNED`; empty for anything else. `bound`: names
    that the script gives a meaning.
    """
    parts: list[str] = []
    root: ast.expr = side
    while isinstance(root, ast.Attribute):
        parts.insert(0, root.attr)
        root = root.value
    if not isinstance(root, ast.Name) or root.id in bound or len(parts) > 2:
        return ""
    parts.insert(0, root.id)
    name = ".".join(parts[1:] if root.id == "solution" else parts)
    return name if len(parts) < 2 or root.id == "solution" or root.id[:1].isupper() else ""


def asked_by(side: ast.expr) -> str:
    """By what an answer was had: the function that was called, or the attribute."""
    return ast.dump(side.func) if isinstance(side, ast.Call) else getattr(side, "attr", "")


def looked_up(side: ast.expr, answer: str, bound: set[str]) -> ast.expr:
    """A side that stands under a name of the program's, `LIMIT`, `CODES["bad"]`, `getattr(Status, name)`, so that what else
    has that value is known. `answer`: by what the other side was had.
    """
    if name := named_by(side, bound):
        return call("_lab_constant", ast.Constant(answer), ast.Constant(name), side)
    if isinstance(side, ast.Attribute) and isinstance(side.value, ast.Name) and side.value.id not in bound:
        return call("_lab_constant", ast.Constant(answer), ast.Constant(f"{side.value.id}.{side.attr}"), side)
    function = getattr(side.func, "id", "") if isinstance(side, ast.Call) else ""
    if function in _SHOWN and len(side.args) == 1 and (name := named_by(side.args[0], bound)):  # type: ignore[attr-defined]
        return call("_lab_constant", ast.Constant(answer), ast.Constant(f"{function}({name})"), side)
    root = side
    while isinstance(root, ast.Subscript) and isinstance(root.slice, ast.Constant):
        root = root.value
    if isinstance(side, ast.Subscript) and not isinstance(side.slice, ast.Slice):
        if of := named_by(side.value, bound):
            return call("_lab_item", ast.Constant(answer), ast.Constant(of), side.value, side.slice)
        if named_by(root, bound):  # `CONFIG["levels"]["low"]`
            return call("_lab_constant", ast.Constant(answer), ast.Constant(ast.unparse(side)), side)
    if isinstance(side, ast.Call) and getattr(side.func, "id", "") == "getattr" and named_by(side.args[0], bound):
        instead(side, "_lab_attribute")
        side.args.insert(0, ast.Constant(answer))
    return side


_SHOWN = frozenset(("str", "int", "float", "repr", "len"))
"""By these a constant is seen as another value."""


def _parts(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.Dict):
        return [*filter(None, node.keys), *node.values]
    return node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else []


def constants_held(node: ast.expr, bound: set[str]) -> list[tuple[str, ast.expr]]:
    """The program's constants in a list, tuple, set or dict that is written down, with their names."""
    found: list[tuple[str, ast.expr]] = []
    for part in _parts(node):
        name = named_by(part, bound)
        found += [(name, part)] if name else constants_held(part, bound)
    return found


def hold(node: ast.expr, where: str, bound: set[str], names: Set[str]) -> None:
    """Have these constants be looked up, so that two of one value are known."""

    def held(part: ast.expr) -> ast.expr:
        hold(part, where, bound, names)
        name = named_by(part, bound)
        return call("_lab_constant", ast.Constant(where), ast.Constant(name), part) if name in names else part

    if isinstance(node, ast.Dict):
        node.keys, node.values = [key and held(key) for key in node.keys], [held(value) for value in node.values]
    elif isinstance(node, ast.List | ast.Tuple | ast.Set):
        node.elts = [held(part) for part in node.elts]


def built_by_name(side: ast.expr, bound: set[str], own: Mapping[str, Any]) -> None:
    """Have what is called by a name with a capital, which the script gives no meaning, show what it was given."""
    for inner in [inner for inner in ast.walk(side) if isinstance(inner, ast.Call)]:
        name = getattr(inner.func, "id", "")
        if name[:1].isupper() and name not in bound and name not in own:
            instead(inner, "_lab_showing")


def telling(node: Any) -> list[ast.stmt]:
    """The body of a function whose word is taken: when it is done it says whether it compared."""
    before = ast.Assign([ast.Name("_lab_before", ast.Store())], call("_lab_entered"))
    after = ast.Expr(call("_lab_left", ast.Constant(node.name), ast.Name("_lab_before", ast.Load())))
    return [before, ast.Try(body=node.body, handlers=[], orelse=[], finalbody=[after])]


OVER_ARRAYS = frozenset(
    (
        *(
            "all",
            "any",
            "sum",
            "nansum",
            "nanprod",
            "norm",
            "count_nonzero",
            "allclose",
            "isclose",
            "assert_allclose",
            "assert_equal",
        ),
        *("assert_array_equal", "assert_almost_equal", "assert_array_almost_equal", "assert_array_less"),
        *("array_equiv", "where", "nonzero", "flatnonzero", "argwhere"),
    )
)
"""What of numpy holds for nothing: an empty array is close to any number, has no element that differs, and sums to 0."""
OF_ONE_SHAPE = frozenset(
    (
        *("allclose", "assert_allclose", "assert_equal", "assert_array_equal", "assert_almost_equal"),
        *("assert_array_almost_equal", "array_equiv"),
    )
)
"""What finds one number to be as many as it is compared with."""
LOOKS_FOR = frozenset(("startswith", "endswith", "find", "rfind", "index", "rindex", "count"))
"""What looks for a text in another, which the empty one is in."""
CLOSE = frozenset(("isclose", "allclose", "array_equal", "array_equiv"))
WITHIN = frozenset(
    (
        *("assertLess", "assertLessEqual", "assertGreater", "assertGreaterEqual", "assertAlmostEqual"),
        *("lt", "le", "gt", "ge", "less", "less_equal", "greater", "greater_equal"),
    )
)
"""What asks for an order, `operator.gt` and `np.less` too."""
