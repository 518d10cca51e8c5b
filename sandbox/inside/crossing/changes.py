"""What the program changes of what the tests hold: by itself, and by functions of the tests that it calls. Where it is to be
seen what that decides, each change is taken back when the call that did it is done. Runs in the container, in the tests' own
process.
"""

import collections
import copy
from typing import Any

from sandbox.inside.crossing.reached import HOLDERS, Kept, State, container, looked_into, reached
from sandbox.inside.values.arrays import is_array
from sandbox.inside.values.contents import same

_COPIED: tuple[type, ...] = (
    type(iter([])),
    type(iter(())),
    type(iter("")),
    type(iter(range(0))),
    type(reversed([])),
    type(iter({})),
)
"""Iterators of which there can be two that go on alike."""
MOST_LOOKS = 1_000_000


class Changes:
    """`seen`: whether the program changed anything. With `undo` the tests keep what they had: the answer of a call holds what the
    program made, and is none of theirs. `missed`: whether so much was held that some of it was not looked at.
    """

    def __init__(self) -> None:
        self.seen = self.undo = self.missed = False
        self.left = MOST_LOOKS
        self.kept: dict[Any, tuple[State, list[Any]]] = {}

    def note(self, held: Any, before: list[Any]) -> None:
        """A container of the tests held this before."""
        self._note(container(held), before)

    def _note(self, state: State, before: list[Any]) -> None:
        if not same(before, state[1]()):
            self.seen = True
            if self.undo:
                self.kept.setdefault(state[0], (state, before))

    def before(self, function: Any, arguments: list[Any]) -> list[tuple[State, list[Any]]]:
        """What a function of the tests may change that runs for the program."""
        runs = looked_into(function, arguments)
        if self.left <= 0:
            self.seen = self.missed = True
        if self.left <= 0 or runs is None:
            return []
        states, whole = reached(runs)
        if not whole:
            self.seen = self.missed = True
        found = [(state, state[1]()) for state in states]
        self.left -= 1 + sum(len(held) + 3 for _, held in found)
        return found

    def after(self, states: list[tuple[State, list[Any]]]) -> None:
        for state, before in states:
            self._note(state, before)

    def aside(self, given: list[Any]) -> list[tuple[State, list[Any], list[Any]]]:
        """Have what the call under way has changed hold again what it held before, while a function of the tests runs that
        is given these containers: of what it is not given it sees no change.
        """
        own = {id(item) for item in given}
        changed = [pair for key, pair in self.kept.items() if not (isinstance(key, Kept) and key[0] in own)]
        states = [(state, state[1](), before) for state, before in changed]
        for state, _, before in states:
            state[2](before)
        return states

    @staticmethod
    def back(states: list[tuple[State, list[Any], list[Any]]]) -> None:
        """That function is done: what it left alone is as the program made it."""
        for state, made, before in states:
            if same(state[1](), before):
                state[2](made)

    def taken_back(self, value: Any) -> tuple[Any, list[Any]]:
        """The answer of a call that is done, which holds what the program made, and the containers that hold again what they
        held before it.
        """
        if not self.kept:
            return value, []
        answer = _apart(value, {})
        kept = [*self.kept.values()]
        self.kept.clear()
        containers = []
        for state, before in kept:
            state[2](before)
            containers += [state[0][1]] if isinstance(state[0], Kept) else []
        return answer, containers

    def iterator(self, value: Any) -> Any:
        """An iterator of the tests as the program is to read it."""
        if type(value) not in _COPIED:
            return value
        self.seen = True
        return copy.copy(value) if self.undo else value


def _apart(value: Any, made: dict[int, Any]) -> Any:
    """The lists, dicts and sets of which an answer is made, as they are now."""
    if id(value) in made:
        return made[id(value)]
    if type(value) is tuple:
        return tuple(_apart(part, made) for part in value)
    if is_array(value):
        new: Any = value.copy()
    elif isinstance(value, HOLDERS):
        new = copy.copy(value)
        made[id(value)] = new
        if isinstance(value, dict):
            for key, item in value.items():
                new[key] = _apart(item, made)
        elif isinstance(value, list | collections.deque):
            for at, item in enumerate(value):
                new[at] = _apart(item, made)
    else:
        return value
    made[id(value)] = new
    return new
