"""Plain Python values as literals of other languages, with the types that statically typed ones need.

A value is a number, text, truth, None, or a list or dictionary (keys: text) of values; a tuple counts as a list. What a language
cannot hold exactly (a larger integer, a list of mixed types) raises `Untranslatable` rather than becoming something else.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LARGEST_FLOAT = 1e9
"""Beyond, the tolerance of a comparison would be no small number any more."""
DEEPEST = 5


class Untranslatable(Exception):
    """The value does not exist in the language; the message says which and why."""


@dataclass(frozen=True)
class Type:
    """The type that a column of values shares."""

    kind: str
    """int, float, str, bool, none, list, dict, or mixed."""
    item: "Type | None" = None
    optional: bool = False
    """Whether None is among the values."""

    def has_float(self) -> bool:
        return self.kind == "float" or (self.item is not None and self.item.has_float())


def type_of(values: Sequence[Any]) -> Type:
    """The narrowest type that holds them all; `mixed` where there is none. An empty list is taken for one of integers."""
    kinds = {_kind(value) for value in values}
    optional = "none" in kinds and len(kinds) > 1
    kinds -= {"none"} if optional else set()
    if kinds == {"int", "float"}:
        return Type("float", optional=optional)
    if len(kinds) != 1:
        return Type("mixed", optional=optional) if kinds else Type("int")
    kind = kinds.pop()
    if kind in ("list", "dict"):
        inner = [
            item for value in values if value is not None for item in (value.values() if kind == "dict" else value)
        ]
        return Type(kind, type_of(inner), optional)
    return Type(kind, optional=optional)


def has_float(value: Any) -> bool:
    """Whether a float is anywhere in the value."""
    if isinstance(value, dict):
        return any(map(has_float, value.values()))
    return isinstance(value, float) or (isinstance(value, list | tuple) and any(map(has_float, value)))


@dataclass(frozen=True)
class Spelling:
    """How one language writes values down."""

    text: Callable[[str], str]
    """A string literal on one line, in double quotes."""
    true: str = "true"
    false: str = "false"
    none: str | None = None
    """None: the language has no such value here."""
    whole: int = 2**63 - 1
    """The largest integer."""
    items: Callable[[list[str], str], str] = lambda items, kind: f"[{', '.join(items)}]"
    """A list from its items' literals and its type's name (empty where the language needs none)."""
    pairs: Callable[[list[tuple[str, str]], str], str] = lambda pairs, kind: (
        f"{{{', '.join(f'{k}: {v}' for k, v in pairs)}}}"
    )
    names: dict[str, str] | None = None
    """Types by kind, with `{}` for the item's; None in a language that asks for no types."""
    some: str = "{}"
    """How a value that may be none is wrapped; `{type}` is its type."""
    most_pairs: int = 1000


def type_name(spelling: Spelling, kind: Type, *, argument: bool = False) -> str:
    """The language's name of a type, as an argument's where it asks for another. Raises Untranslatable."""
    names = spelling.names or {}
    if kind.optional and "optional" not in names:
        raise Untranslatable("a value that may be nothing")
    if kind.kind not in names:
        raise Untranslatable(f"values of {'several types' if kind.kind == 'mixed' else kind.kind}")
    inner = type_name(spelling, kind.item) if kind.item else ""
    boxed = names.get(f"boxed {kind.item.kind}", inner) if kind.item else ""
    name = names[kind.kind].format(boxed)
    if kind.optional:
        return names["optional"].format(name)
    return names.get(f"argument {kind.kind}", name).format(name) if argument else name


def literal(spelling: Spelling, value: Any, kind: Type, *, depth: int = 0) -> str:
    """The value in the language, as one of the given type. Raises Untranslatable."""
    if depth > DEEPEST:
        raise Untranslatable("nested too deep")
    typed = spelling.names is not None
    if typed and kind.optional:
        inner = type_name(spelling, Type(kind.kind, kind.item))
        held = "" if value is None else literal(spelling, value, Type(kind.kind, kind.item), depth=depth)
        if value is None and spelling.none is None:
            raise Untranslatable("a value that may be nothing")
        return str(spelling.none).format(type=inner) if value is None else spelling.some.format(held, type=inner)
    name = type_name(spelling, kind) if typed else ""
    if isinstance(value, bool):
        return spelling.true if value else spelling.false
    if value is None:
        if spelling.none is None or typed:
            raise Untranslatable("nothing")
        return spelling.none
    if isinstance(value, int | float):
        return _number(spelling, value, typed and kind.kind == "float")
    if isinstance(value, str):
        if "\0" in value or any(0xD800 <= ord(letter) < 0xE000 for letter in value):
            raise Untranslatable("text with a NUL or half a character")
        return spelling.text(value)
    if isinstance(value, list | tuple):
        item = kind.item or type_of(value)
        return spelling.items([literal(spelling, one, item, depth=depth + 1) for one in value], name)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value) and len(value) <= spelling.most_pairs:
        item = kind.item or type_of(list(value.values()))
        pairs = [(spelling.text(key), literal(spelling, one, item, depth=depth + 1)) for key, one in value.items()]
        return spelling.pairs(pairs, name)
    raise Untranslatable(f"{type(value).__name__}")


def typed(names: str) -> dict[str, str]:
    """`int=long long; list=std::vector<{}>` as a table for `Spelling.names`."""
    return dict(pair.strip().split("=", 1) for pair in names.split(";") if pair.strip())


def arrows(wrap: str) -> Callable[[list[tuple[str, str]], str], str]:
    """Dictionaries written `key => value`, inside `wrap`."""
    return lambda pairs, kind: wrap.format(", ".join(f"{key} => {value}" for key, value in pairs))


def braced(kind_first: str = "{}") -> Callable[[list[str], str], str]:
    """Lists written as their type's name and the items in braces."""
    return lambda items, kind: f"{kind_first.format(kind)}{{{', '.join(items)}}}"


def tolerance(value: float) -> str:
    """What two languages may differ by in a float. Small enough that the sandbox's control takes it for no expected value."""
    return f"{max(1e-9, 1e-12 * abs(value)):.0e}"


def json_text(text: str) -> str:
    """A JSON string, which many languages read as theirs; separators that end a line in some are escaped."""
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted.replace("\x7f", "\\u007f").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def escaped(special: str, control: str) -> Callable[[str], str]:
    """String literals in which `special` characters get a backslash and control characters are `control` (a format)."""
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

    def text(value: str) -> str:
        return '"' + "".join(_escape(letter, short, special, control) for letter in value) + '"'

    return text


def _escape(letter: str, short: dict[str, str], special: str, control: str) -> str:
    if letter in special or letter in '\\"':
        return f"\\{letter}"
    if ord(letter) < 32 or ord(letter) == 127:
        if not control:
            raise Untranslatable("text with a control character")
        return short.get(letter, control.format(ord(letter)))
    return letter


def _number(spelling: Spelling, value: float, as_float: bool) -> str:
    if isinstance(value, float) or as_float:
        if not math.isfinite(value) or abs(value) > LARGEST_FLOAT:
            raise Untranslatable("a float that is not finite, or very large")
        return repr(float(value))
    if abs(value) > spelling.whole:
        raise Untranslatable("an integer too large for it")
    return str(value)


def _kind(value: Any) -> str:
    for kind, types in (("none", type(None)), ("bool", bool), ("int", int), ("float", float), ("str", str)):
        if isinstance(value, types):
            return kind
    return "list" if isinstance(value, list | tuple) else "dict" if isinstance(value, dict) else "mixed"
