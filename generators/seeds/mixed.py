"""Several snippets in one prompt, drawn so that rare topics come up: what `--mix K` and `mix: K` do."""

import random
from collections.abc import Iterator, Sequence
from typing import Any, overload

from generators.seeds.fields import Snippet

TAIL = 0.3
"""Exponent on the sizes of groups in a mixed draw: 1 draws as the sources are, 0 draws every topic alike."""


class Mixed(Sequence[Snippet]):
    """Prompts of `count` snippets each, drawn for a long tail: a source's or topic's chance grows with its size only a little.

    The draw of number i depends on `seed` and i alone, so a resumed run meets the same prompts.
    """

    def __init__(self, sources: Sequence[Sequence[Snippet]], count: int, seed: int) -> None:
        self._groups = [group for source in sources for group in _groups(source)]
        self._weights = [len(members) ** TAIL for _, members in self._groups]
        self._count = count
        self._seed = seed

    def __len__(self) -> int:
        return sum(len(members) for _, members in self._groups)

    @overload
    def __getitem__(self, number: int) -> Snippet: ...

    @overload
    def __getitem__(self, number: slice) -> list[Snippet]: ...

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):
            raise IndexError(number)
        order = random.Random(f"{self._seed}/{number}")
        left = list(range(len(self._groups)))
        drawn: list[Snippet] = []
        while len(drawn) < self._count:
            left = left or list(range(len(self._groups)))  # fewer groups than snippets: round again
            at = order.choices(left, [self._weights[group] for group in left])[0]
            left.remove(at)
            source, members = self._groups[at]
            drawn.append(source[members[order.randrange(len(members))]])
        first = drawn[0]
        ids = "+".join(snippet.id for snippet in drawn)
        code = "\n\n".join(snippet.code.strip("\n") for snippet in drawn)
        return Snippet(ids, code, first.topic, first.programming_language)


def _groups(source: Sequence[Snippet]) -> Iterator[tuple[Sequence[Snippet], Sequence[int]]]:
    """(source, positions of its members) of each topic; a source too large to be read is one group."""
    if not isinstance(source, list):
        yield source, range(len(source))
        return
    topics: dict[tuple[str, str], list[int]] = {}
    for position, snippet in enumerate(source):
        topics.setdefault((snippet.programming_language, snippet.topic), []).append(position)
    for members in topics.values():
        yield source, members
