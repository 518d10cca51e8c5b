"""The program's side of the lists, dicts and sets that both sides hold. Runs in the container, in the program's process."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.inside.values.arrays import is_array
from sandbox.inside.values.contents import contents, extent, kin, same

MOST = 25_000
"""Containers that keep their number: more than the tests hold alike."""
WORK = 30_000_000
"""Elements that are looked at for whether they are still the same, in a run: the tests give up earlier."""


class Kept:
    """Numbers of the containers that the tests hold and the program holds as well: the same one has the same number on
    both sides, whoever made it.
    """

    def __init__(self) -> None:
        self.known: dict[int, tuple[int, Any, Any]] = {}
        self.numbered: dict[int, int] = {}
        self.next, self.left = 0, WORK

    def numbers(self, containers: list[Any], held: Iterable[bool] | None = None) -> list[int]:
        """Of each its number; -1 where it is not `held`, and where so many are kept alive that it is not."""
        found = []
        for container, holds in zip(containers, held or [True] * len(containers), strict=True):
            known = self.known.get(id(container))
            if known is None:
                if not holds or len(self.known) >= MOST:
                    found.append(-1)
                    continue
                known = self.next, container, None
                self.numbered[self.next] = id(container)
                self.next += 1
            self._note(known)
            found.append(known[0])
        return found

    def lend(self, containers: list[tuple[Any, Any]], held: Iterable[bool] | None = None) -> list[list[int]]:
        """Number what the tests gave, beside its place. With each comes what it held then, which the tests know."""
        keeps = []
        flags = held or [True] * len(containers)
        for place, ((container, before), holds) in enumerate(zip(containers, flags, strict=True)):
            if id(container) in self.known:
                continue
            (number,) = self.numbers([container], [holds])
            if number >= 0:
                keeps.append([place, number])
                if before is not None:
                    self.known[id(container)] = number, container, before
        return keeps

    def reader(self, numbers: Any) -> Callable[[int, Any], Any] | None:
        """Which container holds what the n-th of a message of the tests does, which numbers those that are known."""
        if not numbers:
            return None

        def again(place: int, new: Any) -> Any:
            number = numbers[place] if place < len(numbers) else -1
            known = self.known.get(self.numbered.get(number, -1))
            return new if known is None or not kin(known[1], new) else known[1]

        return again

    def settle(self, told: list[Any]) -> None:
        """Remember what those hold of which the tests have just told."""
        for container in told if self.known else ():
            if (known := self.known.get(id(container))) is not None:
                self._note(known)

    def _note(self, known: tuple[int, Any, Any]) -> None:
        number, container, _ = known
        self.known[id(container)] = number, container, contents(container)

    def changed(self, told: list[Any]) -> list[Any]:
        """Those that hold something else than the tests were told, but for those that are told now."""
        if not self.known or self.left <= 0:
            return []
        now = set(map(id, told))
        self.left -= sum(extent(container) for _, container, _ in self.known.values())
        return [c for _, c, old in self.known.values() if id(c) not in now and not same(old, contents(c))]

    def give_up(self, numbers: Iterable[int]) -> None:
        """The tests no longer hold these."""
        for number in numbers:
            self.known.pop(self.numbered.pop(number, -1), None)


def held_elsewhere(containers: list[Any]) -> list[bool]:
    """Whether anything else holds them than this list and each other; what one that is held has in it is held as well. What
    lies in a tuple counts as held, as that may be.
    """
    inner: Counter[int] = Counter()
    parts: dict[int, list[int]] = {}
    ids = {id(container): place for place, container in enumerate(containers)}
    for container in containers if len(containers) > 1 else ():
        if not isinstance(container, bytearray) and not is_array(container):
            values = container.values() if isinstance(container, dict) else container
            found = list(filter(ids.__contains__, map(id, values)))
            if found:
                inner.update(found)
                parts[id(container)] = found
    containers.append([])
    *counts, least = [sys.getrefcount(container) for container in containers]
    containers.pop()
    held = [
        count - inner[id(container)] > least
        or (is_array(container) and container.base is not None)  # of a view its owner
        for count, container in zip(counts, containers, strict=True)
    ]
    left = [container for container, holds in zip(containers, held, strict=True) if holds]
    while left and parts:
        for number in parts.pop(id(left.pop()), ()):
            if not held[ids[number]]:
                held[ids[number]] = True
                left.append(containers[ids[number]])
    return held
