"""The program's side of the lists, dicts and sets that both sides hold. Runs in the container, in the program's process."""

from collections.abc import Iterable
from typing import Any

from sandbox.inside import codec

MAX_KEPT, MAX_KEPT_ITEMS = 20_000, 1_000_000
MAX_LIVE, MAX_LIVE_ITEMS = 64, 1000


class Kept:
    """Numbers of the containers that the tests were given and may hold: the same one has the same number."""

    def __init__(self) -> None:
        self.known: dict[int, tuple[int, int, Any, Any]] = {}
        self.numbered: dict[int, int] = {}
        self.next = self.items = 0

    def numbers(self, containers: list[Any]) -> list[int]:
        """Of each its number; -1 where so many are kept alive that it is not."""
        found = []
        for container in containers:
            held = self.known.get(id(container))
            if held is None:
                if len(self.known) >= MAX_KEPT or self.items + len(container) > MAX_KEPT_ITEMS:
                    found.append(-1)
                    continue
                self.items += len(container)
                held = self.next, len(container), container, None
                self.numbered[self.next] = id(container)
                self.next += 1
            small = len(container) <= MAX_LIVE_ITEMS
            self.known[id(container)] = *held[:3], codec.snapshot(container) if small else None
            found.append(held[0])
        return found

    def refill(self, number: int, decoder: codec.Decoder, contents: Any) -> None:
        """Have one hold what the tests made of it."""
        place, size, container, _ = self.known[self.numbered[number]]
        decoder.refill(container, contents)
        self.known[id(container)] = place, size, container, codec.snapshot(container)

    def changed(self, told: list[Any]) -> list[Any]:
        """The small ones that hold something else than the tests were told, but for those that are told now."""
        if not self.known or len(self.known) > MAX_LIVE:
            return []
        now = set(map(id, told))
        return [
            c
            for _, _, c, old in self.known.values()
            if old is not None and id(c) not in now and not codec.unchanged(old, c)
        ]

    def give_up(self, numbers: Iterable[int]) -> None:
        """The tests no longer hold these."""
        for number in numbers:
            self.items -= self.known.pop(self.numbered.pop(number, -1), (0, 0))[1]
