"""What the program changes of what the tests hold: by itself, and by functions of the tests that it calls. Where it is to be
seen what that decides, each change is taken back when the call that did it is done. Runs in the container, in the tests' own
process.
"""

import collections
import copy
import types
from collections.abc import Callable
from typing import Any

from sandbox.inside.crossing.objects import is_stand_in
from sandbox.inside.handles import Handle, HandleClass
from sandbox.inside.values.arrays import is_array
from sandbox.inside.values.contents import contents, put, same

State = tuple[Any, Callable[[], list[Any]], Callable[[list[Any]], None]]
"""Something that can change: by what it is known, what it holds, and how it comes to hold something."""
_HOLDERS = (list, dict, set, bytearray, collections.deque)
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
_MOST_STATES, _DEEP = 2000, 4


class Changes:
    """`seen`: whether the program changed anything; `gave`: whether it answered anything else than None. With `undo` the tests keep what they had: the answer of a call holds what
    the program made, and is none of theirs. `missed`: whether so much was held that some of it was not looked at.
    """

    def __init__(self) -> None:
        self.seen = self.gave = self.undo = self.missed = False
        self.left = MOST_LOOKS
        self.kept: dict[Any, tuple[State, list[Any]]] = {}

    @property
    def decides(self) -> bool:
        """Whether what it changed may have decided anything: where it answers nothing, the change is all that is tested."""
        return self.seen and self.gave

    def note(self, container: Any, before: list[Any]) -> None:
        """A container of the tests held this before."""
        self._note(_container(container), before)

    def _note(self, state: State, before: list[Any]) -> None:
        if not same(before, state[1]()):
            self.seen = True
            if self.undo:
                self.kept.setdefault(state[0], (state, before))

    def before(self, function: Any) -> list[tuple[State, list[Any]]]:
        """What a function of the tests may change that runs for the program."""
        if self.left <= 0:
            self.seen = self.missed = True
            return []
        found = [(state, state[1]()) for state in _reached(function)]
        self.left -= 1 + sum(len(held) + 3 for _, held in found)
        return found

    def after(self, states: list[tuple[State, list[Any]]]) -> None:
        for state, before in states:
            self._note(state, before)

    def taken_back(self, value: Any, operation: str) -> tuple[Any, list[Any]]:
        """The answer of a call that is done, which holds what the program made, and the containers that hold again what they
        held before it.
        """
        plain = value is not None and not isinstance(value, Handle | HandleClass)
        self.gave = self.gave or (plain and operation != "get")
        if not self.kept:
            return value, []
        answer = _apart(value, {})
        kept = [*self.kept.values()]
        self.kept.clear()
        containers = []
        for state, before in kept:
            state[2](before)
            containers += [state[0][1]] if isinstance(state[0], _Kept) else []
        return answer, containers

    def iterator(self, value: Any) -> Any:
        """An iterator of the tests as the program is to read it."""
        if type(value) not in _COPIED:
            return value
        self.seen = True
        return copy.copy(value) if self.undo else value


class _Kept(tuple[int, Any]):
    """What a container is known by; the container is kept alive with it."""

    def __new__(cls, container: Any) -> "_Kept":
        return super().__new__(cls, (id(container), container))

    def __hash__(self) -> int:
        return hash(self[0])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self[0] == other[0]


def _container(container: Any) -> State:
    return _Kept(container), lambda: contents(container), lambda held: put(container, held)


def _cell(cell: types.CellType) -> State:
    def read() -> list[Any]:
        try:
            return [cell.cell_contents]
        except ValueError:
            return []

    def write(held: list[Any]) -> None:
        if held:
            cell.cell_contents = held[0]

    return ("cell", id(cell)), read, write


def _name(names: dict[str, Any], name: str) -> State:
    def write(held: list[Any]) -> None:
        if held:
            names[name] = held[0]

    return ("name", name), lambda: [names[name]] if name in names else [], write


def _reached(function: Any) -> list[State]:
    """What a function can change: its object, what it keeps of where it was made, the script's names that it uses, and what
    these hold.
    """
    found: dict[Any, State] = {}
    left: list[tuple[Any, int]] = [(function, 0)]
    seen = set[int]()
    while left and len(seen) < _MOST_STATES:
        value, depth = left.pop()
        if id(value) in seen or depth > _DEEP:
            continue
        seen.add(id(value))
        inner: list[Any] = []
        owner = getattr(value, "__self__", None) if isinstance(value, _BOUND) else None
        if isinstance(value, types.MethodType):
            inner = [owner, value.__func__]
        elif owner is not None:
            inner = [owner]
        elif isinstance(value, types.FunctionType):
            cells = value.__closure__ or ()
            states = [*map(_cell, cells)]
            if value.__globals__.get("__name__") == "tests":
                states += [_name(value.__globals__, name) for name in _names(value.__code__)]
            for state in states:
                found[state[0]] = state
                inner += state[1]()
            inner += value.__defaults__ or ()
        elif isinstance(value, _HOLDERS) or is_array(value):
            state = _container(value)
            found[state[0]] = state
            inner = list(value.values()) if isinstance(value, dict) else [] if is_array(value) else list(value)
        elif is_stand_in(value) and hasattr(value, "__dict__"):
            inner = [vars(value)]
        elif type(value) is tuple:
            inner = list(value)
        inner = inner[:_MOST_STATES]
        left += [(part, depth + 1) for part in inner if not isinstance(part, int | str | float | bytes | type | None)]
    return list(found.values())


_BOUND = (types.MethodType, types.BuiltinMethodType)


def _names(code: types.CodeType) -> list[str]:
    inner = [name for part in code.co_consts if isinstance(part, types.CodeType) for name in _names(part)]
    return [*code.co_names, *inner]


def _apart(value: Any, made: dict[int, Any]) -> Any:
    """The lists, dicts and sets of which an answer is made, as they are now."""
    if id(value) in made:
        return made[id(value)]
    if type(value) is tuple:
        return tuple(_apart(part, made) for part in value)
    if is_array(value):
        new: Any = value.copy()
    elif isinstance(value, _HOLDERS):
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
