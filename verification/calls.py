"""Which calls to ask a program about: those its tests make, its docstring's examples, ones made from its signature, and others near them.

Text is read with `ast` and `literal_eval` only; what a program answers comes from the sandbox (`behaviour.py`).
"""

import ast
import random
from collections.abc import Iterator, Sequence
from typing import Any

import syntax
from verification.differential import INPUT_CHARACTERS, Call, new_inputs
from verification.python_source import nodes, parse

MOST_KNOWN = 12
"""Calls taken as they are; the rest of the room is for new ones."""
MOST_VARIED = 3
MOST_EDGES = 8
"""Values at the edge of one type."""
_UNREADABLE = (ValueError, TypeError, SyntaxError, RecursionError, MemoryError)
_BY_NAME = {
    "int": [
        "n",
        "m",
        "k",
        "x",
        "y",
        "i",
        "j",
        "a",
        "b",
        "num",
        "number",
        "count",
        "size",
        "length",
        "limit",
        "start",
        "end",
        "step",
        "index",
        "base",
        "exponent",
        "year",
        "seconds",
        "minutes",
    ],
    "str": [
        "s",
        "t",
        "text",
        "word",
        "name",
        "string",
        "sentence",
        "line",
        "char",
        "letter",
        "prefix",
        "suffix",
        "key",
        "separator",
        "sep",
        "phrase",
        "password",
    ],
    "list[int]": [
        "numbers",
        "nums",
        "values",
        "xs",
        "ys",
        "items",
        "lst",
        "arr",
        "array",
        "data",
        "sequence",
        "seq",
        "scores",
        "prices",
        "counts",
        "left",
        "right",
    ],
    "list[str]": ["words", "lines", "names", "strings", "parts", "tokens"],
    "float": [
        "price",
        "amount",
        "rate",
        "ratio",
        "temperature",
        "celsius",
        "fahrenheit",
        "weight",
        "height",
        "radius",
        "total",
    ],
    "list[list[int]]": ["matrix", "grid", "rows", "table"],
}
_KIND_OF_NAME = {name: kind for kind, names in _BY_NAME.items() for name in names}
_POOLS: dict[str, tuple[Any, ...]] = {
    "int": (3, 1, 2, 5, 8, 12, 0, 27),
    "float": (0.5, 2.0, 3.25, 10.0, 1.5),
    "str": ("hello", "a", "Hello World", "", "a1 b2, c3", "level", "one two  three"),
    "bool": (True, False),
}
_LISTS = {"list", "sequence", "iterable", "collection", "tuple", "set", "frozenset"}
_DICTS = {"dict", "mapping"}


def calls_in(script: str, entry_point: str) -> list[Call]:
    """The calls of `entry_point` (or `candidate`) in a test script where every argument is a literal, each once."""
    found: dict[str, Call] = {}
    for node in _in_order(script):
        if not (isinstance(node.func, ast.Name) and node.func.id in (entry_point, "candidate")) or node.keywords:
            continue
        try:
            arguments = tuple(ast.literal_eval(argument) for argument in node.args)
            syntax.literal(repr(arguments))  # 1e999 reads as a float and writes as a name
        except _UNREADABLE:
            continue
        call = Call(entry_point, arguments)
        if arguments and len(call.source()) <= INPUT_CHARACTERS:
            found.setdefault(call.source(), call)
    return list(found.values())


def examples_in(docstring: str, entry_point: str) -> list[Call]:
    """The calls in a docstring's `>>>` examples."""
    lines = [line.strip().removeprefix(">>>").strip() for line in docstring.splitlines() if line.strip()[:3] == ">>>"]
    return [call for line in lines for call in calls_in(line, entry_point)]


def calls_from_signature(code: str, entry_point: str, at_most: int) -> list[Call]:
    """Calls made from annotations, defaults and the usual meaning of parameter names; none where one of them says nothing."""
    function = function_of(code, entry_point)
    if function is None or function.args.vararg or any(default is None for default in function.args.kw_defaults):
        return []
    pools = [_pool(kind) for kind in _kinds(function)]
    if not pools or not all(pools):
        return []
    order = random.Random(f"{entry_point}/{at_most}")
    found: dict[str, Call] = {}
    for number in range(6 * at_most):
        # First each pool's own order, so that plain values come before edges; then any mixture.
        arguments = [
            pool[(number + 3 * at) % len(pool)] if number < len(pool) else order.choice(pool)
            for at, pool in enumerate(pools)
        ]
        call = Call(entry_point, tuple(arguments))
        found.setdefault(call.source(), call)
    return list(found.values())[:at_most]


def calls_for(
    code: str, entry_point: str, tests: str, *, at_most: int, proposed: str = "", seed: int = 0
) -> list[Call]:
    """At most `at_most` calls. Where tests call the program, those calls and new ones near them; else its docstring's examples,
    its signature and the assertions that the checkpoint `proposed` (only their arguments are taken).
    """
    known = calls_in(tests, entry_point)
    if not known:
        function = function_of(code, entry_point)
        docstring = ast.get_docstring(function) if function else None
        made = calls_from_signature(code, entry_point, MOST_KNOWN)
        lines = [line.strip() for line in proposed.splitlines()]  # one that is no Python must not cost the others
        asserted = [call for line in lines for call in calls_in(line, entry_point)]
        known = [*examples_in(docstring or "", entry_point), *asserted[:MOST_KNOWN], *made]
    known = list({call.source(): call for call in known}.values())[: max(MOST_KNOWN, at_most // 2)]
    script = "".join(f"{call.source()}\n" for call in known)
    other = varied(known, at_most=(at_most - len(known)) // 3)
    room = max(0, at_most - len(known) - len(other))
    near = new_inputs(script, entry_point, code, at_most=room, seed=seed)
    return list({call.source(): call for call in [*known, *near, *other]}.values())[:at_most]


def varied(calls: Sequence[Call], *, at_most: int) -> list[Call]:
    """Calls with one argument of a known one set to a plain value of its type that holds what examples lack: all letters, larger
    numbers, longer lists. (What lies near "hello" never has a u.)
    """
    found: dict[str, Call] = {}
    for turn in range(MOST_VARIED):
        for at in range(max((len(call.arguments) for call in calls), default=0)):
            call = calls[(turn + at) % len(calls)]
            others = _varied_values(call.arguments[at]) if at < len(call.arguments) else ()
            if turn < len(others) and len(found) < at_most:
                other = Call(call.function, (*call.arguments[:at], others[turn], *call.arguments[at + 1 :]))
                found.setdefault(other.source(), other)
    return list(found.values())


def edges(calls: Sequence[Call], *, unicode: bool, at_most: int) -> list[Call]:
    """Calls with one argument of a known one set to a value where languages part: nothing, below zero, letters beyond ASCII."""
    found: dict[str, Call] = {}
    known = {call.source() for call in calls}
    # Every edge of every argument once, each in another call, before any comes again.
    for lap in range(len(calls)):
        for turn in range(MOST_EDGES):
            for at in range(max(len(call.arguments) for call in calls)):
                call = calls[(lap + turn + at) % len(calls)]
                others = _edge_values(call.arguments[at], unicode) if at < len(call.arguments) else []
                if turn < len(others) and len(found) < at_most:
                    edge = Call(call.function, (*call.arguments[:at], others[turn], *call.arguments[at + 1 :]))
                    if edge.source() not in known:
                        found.setdefault(edge.source(), edge)
    return list(found.values())


def function_of(code: str, entry_point: str) -> ast.FunctionDef | None:
    """The definition of a top-level function; None where there is none or the code cannot be read."""
    tree = parse(code)
    named = [
        node for node in (tree.body if tree else []) if isinstance(node, ast.FunctionDef) and node.name == entry_point
    ]
    return named[-1] if named else None


def signature_of(code: str, entry_point: str) -> str:
    """`name(a, b=1)` as people write it in prose, without annotations, a constant of the module as its value; empty where there
    is no such function.
    """
    function = function_of(code, entry_point)
    if function is None:
        return ""
    arguments, constants = function.args, _constants(code)
    shown = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    for at, default in enumerate(arguments.defaults, len(shown) - len(arguments.defaults)):
        shown[at] += f"={constants.get(ast.unparse(default), ast.unparse(default))}"
    return f"{entry_point}({', '.join(shown)})"


def _constants(code: str) -> dict[str, str]:
    """The module's names that stand for a number or a text."""
    tree = parse(code)
    return {
        node.targets[0].id: repr(node.value.value)
        for node in (tree.body if tree else [])
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
    }


def _in_order(script: str) -> Iterator[ast.Call]:
    found = [node for node in nodes(script) if isinstance(node, ast.Call)]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def _kinds(function: ast.FunctionDef) -> list[str]:
    arguments = [*function.args.posonlyargs, *function.args.args]
    defaults: list[ast.expr | None] = [None] * (len(arguments) - len(function.args.defaults))
    paired = zip(arguments, [*defaults, *function.args.defaults], strict=True)
    return [_kind(argument, default) or kind_by_use(function, argument.arg) for argument, default in paired]


def kind_by_use(function: ast.AST, name: str, *, depth: int = 3) -> str:
    """What a name must hold by what is done with it: its methods, loops over it, arithmetic, comparisons; empty where all is open."""
    kinds = set()
    for node in ast.walk(function):
        parts = list(ast.iter_child_nodes(node))
        if name not in [part.id for part in parts if isinstance(part, ast.Name)]:
            continue
        if isinstance(node, ast.Attribute):
            kinds.add("str" if hasattr(str, node.attr) and not hasattr(list, node.attr) else "")
            kinds.add("dict" if hasattr(dict, node.attr) and not hasattr(list, node.attr) else "")
        elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Name) and node.iter.id == name:
            target = (
                node.target.id if isinstance(node.target, ast.Name) and depth else ""
            )  # `for a in b` within `for b in a`
            inner = kind_by_use(function, target, depth=depth - 1) if target else ""
            kinds.add("list[str]" if inner == "str" else "list[list[int]]" if inner == "list[int]" else "list[int]")
        elif isinstance(node, ast.BinOp | ast.UnaryOp | ast.AugAssign | ast.Compare):
            text = any(
                isinstance(part, ast.JoinedStr) or isinstance(getattr(part, "value", None), str) for part in parts
            )
            among = isinstance(node, ast.Compare) and any(isinstance(sign, ast.In | ast.NotIn) for sign in node.ops)
            kinds.add("str" if text else "" if among else "int")
        elif isinstance(node, ast.FormattedValue):
            kinds.add("str")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            kinds.add(
                {"range": "int", "abs": "int", "divmod": "int", "sum": "list[int]", "len": "list[int]"}.get(
                    node.func.id, ""
                )
            )
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == name:
            kinds.add("list[int]")
    ranked = ("dict", "str", "list[list[int]]", "list[str]", "list[int]", "int")
    return next((kind for kind in ranked if kind in kinds), "")


def _kind(argument: ast.arg, default: ast.expr | None) -> str:
    if argument.annotation is not None:
        text = ast.unparse(argument.annotation).strip("'\"").replace("typing.", "")
        text = text.replace("collections.abc.", "").replace(" | None", "").lower()
        return text.removeprefix("optional[").removesuffix("]") if text.startswith("optional[") else text
    if isinstance(default, ast.Constant) and default.value is not None:
        return type(default.value).__name__
    return _KIND_OF_NAME.get(argument.arg.lower().strip("_"), "")


def _pool(kind: str) -> tuple[Any, ...]:
    """Values of a type given as text; none for one that is not plain data."""
    kind = kind.replace(" ", "")
    outer, _, inner = kind.partition("[")
    inner = inner.removesuffix("]")
    if outer in _LISTS:
        items = _pool(inner.removesuffix(",...") or "int") if inner.count(",") == 0 or inner.endswith(",...") else ()
        made = (
            [list(items[:3]), list(items[::-1]), [items[0]], [*items[:2], items[0]], [], list(items[1:4])]
            if items
            else []
        )
        return tuple(_as(outer, item) for item in made)
    if outer in _DICTS:
        key, _, value = (inner or "str,int").partition(",")
        keys, values = _pool(key), _pool(value)
        pairs = list(zip(keys, values, strict=False))
        return (dict(pairs[:2]), dict(pairs), dict(pairs[:1]), {}, dict(pairs[1:3])) if pairs else ()
    return _POOLS.get(kind, ())


def _as(outer: str, items: list[Any]) -> Any:
    if outer == "tuple":
        return tuple(items)
    return (
        set(items)
        if outer in ("set", "frozenset") and all(isinstance(item, int | str | float) for item in items)
        else items
    )


def _varied_values(value: Any) -> tuple[Any, ...]:
    """At most MOST_VARIED. Integers stay small: much code takes time in proportion, some far more."""
    if isinstance(value, int) and not isinstance(value, bool):
        return 17, 6, 24
    if isinstance(value, float):
        return 7.25, 0.1, 12.0
    if isinstance(value, str):
        return "The quick brown fox jumps over the lazy dog", "Zebra-42, apple_7; 3.14!", "Mississippi queue"
    if (
        isinstance(value, list)
        and value
        and all(isinstance(item, int) and not isinstance(item, bool) for item in value)
    ):
        return [5, 3, 19, 1, 7, 3, 12], [20, 4, 100, 9, 8], [2, 2]
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return ["pear", "fig", "Apple", "kiwi", "fig"], ["quiz", "eel", "uvula", "b"], ["x", "X"]
    return ()


def _edge_values(value: Any, unicode: bool) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [-7, 10, 0, -1]
    if isinstance(value, float):
        return [-2.5, 0.0, 0.1]
    if isinstance(value, str):
        return ["", *(["Ünïcøde ñ"] if unicode else []), "aB c1 10 9", " a "]
    if isinstance(value, list):
        turned = [value[::-1]] if len(value) > 1 else []
        return [[], *turned, value[:1], [*value, *value], *_with_edge_item(value, unicode)]
    if isinstance(value, dict):
        return [{}]
    return []


def _with_edge_item(items: list[Any], unicode: bool) -> list[Any]:
    """Lists that hold an edge value, and numbers whose order as text is another."""
    if items and all(isinstance(item, int) and not isinstance(item, bool) for item in items):
        return [[10, 9, -1, 100], [-3, *items]]
    if items and all(isinstance(item, str) for item in items):
        return [[*items, ""], ["b", "B", "a", "10", "9"], *([[*items, "é"]] if unicode else [])]
    return []
