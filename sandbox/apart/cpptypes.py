"""What a literal is by the type that C++ gives it: braces are the list, map or set that is named before them."""

from __future__ import annotations

import json
import struct

from sandbox.apart.literals import Tagged, Unknown

_LISTS = frozenset({"vector", "list", "deque"})
_SETS = frozenset({"set", "unordered_set"})
_MAPS = frozenset({"map", "unordered_map"})
_WHOLE = frozenset({"int", "long", "long long"})
_WIDEST = {"int": 31}
"""Bits beside the sign, where they are not 63."""


def as_typed(written: str, value: Tagged) -> Tagged:
    """A value as the type makes it that is written before its bracket (`vector<int>{`, `(float)`) or that its variable
    has; the value itself where no type is known. Raises Unknown where the two do not go together, or the type would
    change the number.
    """
    name, inner = _split(written.strip().strip("({ )"))
    if name in _LISTS:
        return ["l", [as_typed(inner[0], item) for item in _items(value, "l")]]
    if name in _SETS:
        return ["set", _once([as_typed(inner[0], item) for item in _items(value, "set")])]
    if name in _MAPS and len(inner) > 1:
        pairs = value[1] if value[0] == "m" else [_items(item, "l") for item in _items(value, "l")]
        if any(len(pair) != 2 for pair in pairs):
            raise Unknown
        typed = [[as_typed(kind, one) for kind, one in zip(inner, pair, strict=False)] for pair in pairs]
        firsts = {json.dumps(pair[0]): pair for pair in reversed(typed)}  # of equal keys the first counts
        return ["m", list(reversed(firsts.values()))]
    if name in ("pair", "tuple"):
        items = _items(value, "l")
        if len(items) != len(inner):
            raise Unknown
        return ["l", [as_typed(kind, item) for kind, item in zip(inner, items, strict=True)]]
    return _scalar(name, value)


def _scalar(name: str, value: Tagged) -> Tagged:
    if name == "float" and value[0] in ("i", "f"):
        return ["f", repr(struct.unpack("f", struct.pack("f", float(value[1])))[0])]
    if name == "double" and value[0] == "i":
        return ["f", repr(float(value[1]))]
    number = int(value[1]) if value[0] == "i" else None
    if (
        name in _WHOLE
        and value[0] != "b"
        and (number is None or not -(2**31) <= number >> _WIDEST.get(name, 63) - 31 < 2**31)
    ):
        raise Unknown
    if name == "bool" and value[0] != "b" and number not in (0, 1):
        raise Unknown
    if name == "string" and value[0] != "s":
        raise Unknown
    return value


def _items(value: Tagged, tag: str) -> list[Tagged]:
    if value[0] not in ("l", tag):
        raise Unknown
    items: list[Tagged] = value[1]
    return items


def _once(items: list[Tagged]) -> list[Tagged]:
    return list({json.dumps(item): item for item in items}.values())


def _split(written: str) -> tuple[str, list[str]]:
    """`std::map<int, vector<int>>` as `map` and its two types."""
    name, opened, rest = written.partition("<")
    inner: list[str] = []
    depth, begin = 0, 0
    rest = rest[: rest.rfind(">")] if opened else ""
    for at, letter in enumerate(f"{rest}," if opened else ""):
        depth += (letter == "<") - (letter == ">")
        if letter == "," and depth == 0:
            inner.append(rest[begin:at].strip())
            begin = at + 1
    return name.strip().removeprefix("std::"), inner
