"""What lists, dicts and sets hold, and whether that is still the same. Runs in the container, on both sides: no method of
what is held is called.
"""

import operator
from typing import Any

from sandbox.inside.values.arrays import is_array


def contents(container: Any) -> list[Any]:
    """What a list, dict, set, deque, bytearray or array of numpy's holds now."""
    if is_array(container):
        return [container.tobytes()]
    return list(container.items() if isinstance(container, dict) else container)


def extent(container: Any) -> int:
    """The work of looking whether it is the same still, in elements of a list."""
    return int(container.size >> 6 if is_array(container) else len(container)) + 10


def kin(known: Any, new: Any) -> bool:
    """Whether one can come to hold what the other does."""
    if type(known) is not type(new) or getattr(known, "maxlen", None) != getattr(new, "maxlen", None):
        return False
    return not is_array(known) or (known.shape == new.shape and known.dtype == new.dtype and known.flags.writeable)


def put(container: Any, items: list[Any]) -> None:
    """Have it hold that again."""
    if is_array(container):
        container[...] = type(container)(container.shape, container.dtype, items[0])
        return
    container.clear()
    if isinstance(container, dict):
        for key, value in items:
            container[key] = value
    else:
        container.update(items) if isinstance(container, set) else container.extend(items)


def copied(value: Any) -> Any:
    """The lists, dicts, sets and tuples of which a value is made, copied: what else there is in them is the same."""
    made: dict[int, Any] = {}

    def copy(part: Any) -> Any:
        kind = type(part)
        if id(part) in made:
            return made[id(part)]
        if kind is tuple:
            return tuple(map(copy, part))
        if kind is list:
            new: Any = []
            made[id(part)] = new
            new.extend(map(copy, part))
        elif kind is dict:
            new = made[id(part)] = {}
            new.update((key, copy(item)) for key, item in part.items())
        else:
            new = set(part) if kind is set else part
        return new

    return copy(value)


def same(old: list[Any], new: list[Any]) -> bool:
    """Whether two lists of contents hold the very same objects."""
    if len(old) != len(new):
        return False
    return all(map(operator.is_, old, new)) or all(
        a is b
        or (type(a) is type(b) is tuple and len(a) == len(b) == 2 and a[0] is b[0] and a[1] is b[1])
        or (type(a) is type(b) is bytes and a == b)
        for a, b in zip(old, new, strict=True)
    )


def already(container: Any, items: list[Any]) -> bool:
    """Whether it holds just that already: then it is left alone, as somebody may be walking through it."""
    if isinstance(container, dict):
        if 2 * len(container) != len(items):
            return False
        held = [_key(part) for pair in container.items() for part in pair]
    else:
        held = [_key(part) for part in container]
    new = [_key(part) for part in items]
    return set(held) == set(new) if isinstance(container, set) else held == new


def _key(value: Any) -> Any:
    """What is equal where two values are one, or are plain and alike."""
    kind = type(value)
    if kind is int or kind is str or kind is bool or kind is bytes or value is None:
        return kind, value
    if kind is float:
        return kind, repr(value)
    return (kind, *map(_key, value)) if kind is tuple else id(value)
