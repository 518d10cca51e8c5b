"""The tests' side of the lists, dicts and sets that both sides hold. Runs in the container, in the tests' own process."""

import sys
from collections.abc import Callable
from typing import Any

from sandbox.inside import codec


class Given:
    """The lists, dicts and sets that the program gave, by the numbers it gave them: one that comes again is the object
    that the tests have, with what it holds now, as in one process. `told`: is called with it and what it held before.
    """

    def __init__(self, told: Callable[[Any, list[Any]], bool]) -> None:
        self.told = told
        self.told_now: list[int] = []
        self.waited = 0
        self.containers: dict[int, Any] = {}
        self.held: dict[int, list[Any]] = {}
        """What the small ones held when the program last told."""
        self.full = FEW

    def reader(self, numbers: Any) -> Callable[[int, Any], Any] | None:
        """What a decoder asks of each container of a message that numbers them so."""
        if type(numbers) is not list or not numbers:
            return None
        seen: set[int] = set()

        def again(place: int, new: Any) -> Any:
            number = numbers[place] if place < len(numbers) else -1
            if type(number) is not int or number < 0 or number in seen:
                return new
            seen.add(number)
            known = self.containers.get(number)
            alike = type(known) is type(new) and getattr(known, "maxlen", None) == getattr(new, "maxlen", None)
            self.told_now.append(number)
            if alike and self.told(known, contents(known)):
                return known
            if known is not None or len(self.containers) < MOST:
                self.containers[number] = new
            return new

        return again

    def settle(self) -> None:
        """Remember what those of the last message hold."""
        for number in self.told_now if len(self.containers) <= FEW else ():
            container = self.containers.get(number, ())
            if len(container) <= SMALL:
                self.held[number] = contents(container)
        self.told_now.clear()

    def news(self, encoder: codec.Encoder) -> dict[str, Any]:
        """What the program is told beside a request: which containers the tests no longer hold, and of the small ones
        that hold nothing that changes what the tests made of them.
        """
        gone = self.forgotten()
        live = []
        for number, before in list(self.held.items()) if len(self.containers) <= FEW else ():
            container = self.containers.get(number)
            if container is None:
                del self.held[number]
            elif not same(before, now := contents(container)):
                self.held[number] = now
                flat = [part for item in now for part in (item if isinstance(container, dict) else (item,))]
                if all(type(part) in _SIMPLE for part in flat):
                    live.append([number, encoder.contents(container)])
        return {**({"gone": gone} if gone else {}), **({"live": live} if live else {})}

    def forgotten(self) -> list[int]:
        """The numbers of those that the tests no longer hold; these are given up. Of many, not each time."""
        self.waited += 1
        if FEW < len(self.containers) < self.full and 16 * self.waited < len(self.containers):
            return []
        self.waited = 0
        gone = []
        for number in list(self.containers):
            container = self.containers[number]
            if sys.getrefcount(container) <= 3:  # the table's, this name and the argument
                del self.containers[number]
                gone.append(number)
        self.full = FEW + 2 * len(self.containers)
        return gone


MOST = 20_000
"""Containers that keep their number, as in `runner.py`: of more, those that come anew are copies."""
FEW, SMALL = 64, 1000
"""Up to so many, those of up to so many elements are kept alike after every call."""
_SIMPLE = frozenset((int, float, str, bool, bytes, type(None)))


def contents(container: Any) -> list[Any]:
    """What a list, dict, set, deque or bytearray holds now."""
    return list(container.items() if isinstance(container, dict) else container)


def put(container: Any, items: list[Any]) -> None:
    """Have it hold that again."""
    container.clear()
    if isinstance(container, dict):
        for key, value in items:
            container[key] = value
    else:
        container.update(items) if isinstance(container, set) else container.extend(items)


def same(old: list[Any], new: list[Any]) -> bool:
    """Whether two lists of contents hold the very same objects."""
    pairs = zip(old, new, strict=False)
    return len(old) == len(new) and all(
        a is b or (type(a) is type(b) is tuple and len(a) == len(b) == 2 and a[0] is b[0] and a[1] is b[1])
        for a, b in pairs
    )
