"""The tests' side of the lists, dicts and sets that both sides hold. Runs in the container, in the tests' own process."""

import sys
from collections.abc import Callable
from typing import Any

from sandbox.inside.values import codec
from sandbox.inside.values.contents import contents, extent, kin, same


class Given:
    """The lists, dicts and sets that the tests and the program both hold, by the numbers that the program gives them: one
    that comes again is the object that the tests have, with what it holds now, as in one process. `told`: is called with
    it and what it held before; `judge`: with why they may be alike no longer.
    """

    def __init__(self, told: Callable[[Any, list[Any]], None], judge: Callable[[str], None]) -> None:
        self.told = told
        self.judge = judge
        self.left = WORK
        self.told_now: list[int] = []
        self.waited = 0
        self.containers: dict[int, Any] = {}
        self.numbers: dict[int, int] = {}
        """Of each container, by its `id`, its number."""
        self.held: dict[int, list[Any]] = {}
        """What they held when the program last told, or was told."""
        self.full = FEW
        self.parted: list[int] = []

    def part(self, containers: list[Any]) -> None:
        """The program and the tests hold each its own of these from now on."""
        for container in containers:
            if (number := self.numbers.pop(id(container), None)) is not None:
                del self.containers[number]
                self.parted.append(number)

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
            self.told_now.append(number)
            if kin(known, new):
                self.told(known, contents(known))
                return known
            self._hold(number, new)
            return new

        return again

    def adopt(self, lent: list[Any], keeps: Any) -> None:
        """The program holds these of the containers that it was given: pairs of a place and a number."""
        for place, number in keeps or ():
            container = lent[place]
            if number not in self.containers and id(container) not in self.numbers:
                self._hold(number, container)
                self.told_now.append(number)

    def _hold(self, number: int, container: Any) -> None:
        before = self.containers.get(number)
        if before is not None:
            self.numbers.pop(id(before), None)
        elif len(self.containers) >= MOST:
            self.judge(f"the program holds more than {MOST:,} lists that the tests hold as well")
            return
        self.containers[number] = container
        self.numbers[id(container)] = number

    def settle(self) -> None:
        """Remember what those of the last message hold."""
        for number in self.told_now if self.left > 0 else ():
            if (container := self.containers.get(number)) is not None:
                self.held[number] = contents(container)
        self.told_now.clear()

    def news(self, encoder: codec.Encoder, first: int = 0) -> dict[str, Any]:
        """What the program is told beside a message: which containers the tests no longer hold, what the tests made of
        them, and the numbers of those that the message holds, from the one at `first` on.
        """
        if not self.containers and not self.parted:
            return {}
        live = self._changed(encoder)
        known = [self.numbers.get(id(container), -1) for container in encoder.containers[first:]]
        gone, self.parted = [*self.parted, *self._forgotten()], []
        news: dict[str, Any] = {"gone": gone} if gone else {}
        if known and max(known) >= 0:
            news["known"] = known
        return {**news, "live": live} if live else news

    def _changed(self, encoder: codec.Encoder) -> list[Any]:
        live: list[Any] = []
        if self.left <= 0:
            self.judge("the program holds so much of what the tests hold that it is not seen whether it changes")
            return live
        for number, before in list(self.held.items()):
            container = self.containers.get(number)
            if container is None:
                del self.held[number]
                continue
            self.left -= extent(container)
            if not same(before, now := contents(container)):
                live.append(encoder.encode(container))
                self.held[number] = now
        return live

    def _forgotten(self) -> list[int]:
        """The numbers of those that the tests no longer hold; these are given up. Of many, not each time."""
        self.waited += 1
        if FEW < len(self.containers) < self.full and 16 * self.waited < len(self.containers):
            return []
        self.waited = 0
        gone = []
        for number in list(self.containers):
            container = self.containers[number]
            # the table's, this name and the argument
            if sys.getrefcount(container) <= 3:
                del self.containers[number], self.numbers[id(container)]
                gone.append(number)
        self.full = FEW + 2 * len(self.containers)
        return gone


MOST, FEW = 20_000, 64
"""Containers that are held alike; and up to how many it is looked at each time which the tests hold no longer."""
WORK = 10_000_000
"""Elements that are looked at for whether they are still the same, in a run."""
