"""Which containers of a call the program holds when the call is over."""

from __future__ import annotations

from collections import deque
from typing import Any

from sandbox.inside.crossing.kept import Kept, held_elsewhere
from sandbox.inside.values.contents import already, contents, copied, put, same


def test_what_is_held_by_nothing_else_is_told_from_what_is() -> None:
    kept: list[Any] = []

    def held() -> list[bool]:
        inner: list[int] = [1]
        outer: dict[str, Any] = {"inner": inner, "more": [2]}
        several = [outer, inner, outer["more"], deque([3])]
        kept.append(several[3])
        del inner, outer
        return held_elsewhere(several)

    assert held() == [False, False, False, True]


def test_what_lies_in_one_that_is_held_is_held() -> None:
    inner: list[int] = [1]
    outer = [inner]
    several: list[Any] = [outer, inner]
    del inner
    assert held_elsewhere(several) == [True, True]
    assert outer == [[1]]


def test_one_that_is_changed_is_told_once() -> None:
    kept, items = Kept(), [1]
    assert kept.numbers([items, [2]], [True, False]) == [0, -1]
    assert kept.changed([]) == []
    items.append(2)
    assert kept.changed([items]) == [] and kept.changed([]) == [items]
    kept.settle([items])
    assert kept.changed([]) == []


def test_contents_are_put_back_as_they_were() -> None:
    for container in ([1, [2]], {"a": [1]}, {1, 2}, deque([1], maxlen=1), bytearray(b"ab")):
        before = contents(container)
        put(container, [])
        assert not same(before, contents(container))
        put(container, before)
        assert same(before, contents(container))
    assert already({"a": 1.0}, ["a", 1.0]) and not already({"a": 1}, ["a", 1.0])


def test_a_copy_is_of_the_containers_alone() -> None:
    item = object()
    cycle: list[Any] = [item, ([],)]
    cycle.append(cycle)
    made = copied(cycle)
    assert made is not cycle and made[0] is item and made[1][0] is not cycle[1][0] and made[2] is made
