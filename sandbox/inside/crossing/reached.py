"""What a function of the tests can change when it runs for the program: its object, what it keeps of where it was made, the script's
names that it uses, and what these hold. Runs in the container, in the tests' own process.
"""

import collections
import contextvars
import functools
import io
import marshal
import random
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.inside.crossing.objects import asked, is_stand_in
from sandbox.inside.handles import Handle, HandleClass, Valued
from sandbox.inside.values.arrays import is_array
from sandbox.inside.values.contents import contents, put

State = tuple[Any, Callable[[], list[Any]], Callable[[list[Any]], None]]
"""Something that can change: by what it is known, what it holds, and how it comes to hold something."""
HOLDERS = (list, dict, set, bytearray, collections.deque)
_MOST, _DEEP = 2000, 12
_BOUND = (types.MethodType, types.BuiltinMethodType)
_OPEN = ("tests", "queue", "threading", "asyncio.queues")
"""Modules of whose classes an object is looked into."""
_OF_UNITTEST = ("_outcome", "_subtest", "_type_equality_funcs", "_cleanups")
_FIXED = (int, str, float, bytes, type(None), Handle, HandleClass, Valued)
_SEEN = (*_BOUND, *HOLDERS, BaseException, type, types.ModuleType, tuple, io.StringIO, io.BytesIO)
_SETTLED = frozenset(
    (
        *("builtins", "contextvars", "types", "datetime", "decimal", "fractions", "re", "uuid", "operator", "enum"),
        *("_operator", "math", "_thread", "logging", "weakref", "zoneinfo", "typing", "functools", "unittest"),
        "itertools",
    )
)
"""Modules of whose objects none changes what tests look at."""
_FILES = frozenset(
    ("open", "write_text", "write_bytes", "unlink", "rename", "rmdir", "mkdir", "touch", "system", "shutil")
)
"""Names by which a function changes files, which no object of it holds."""
_SEEDS = frozenset(("seed", "setstate"))
"""Names by which it sets what is drawn next, which a draw does not see while that is taken back."""


class Kept(tuple[int, Any]):
    """What a container is known by; the container is kept alive with it."""

    def __new__(cls, container: Any) -> "Kept":
        return super().__new__(cls, (id(container), container))

    def __hash__(self) -> int:
        return hash(self[0])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and self[0] == other[0]


def container(value: Any) -> State:
    return Kept(value), lambda: contents(value), lambda held: put(value, held)


def reached(function: Any) -> tuple[list[State], bool]:
    """What it can change; and whether that is all, or there was too much to look at."""
    found: dict[Any, State] = {}
    left: list[tuple[Any, int]] = [(function, 0)]
    seen = set[int]()
    while left:
        value, depth = left.pop()
        if id(value) in seen or isinstance(value, _FIXED):
            continue
        if depth > _DEEP or len(seen) >= _MOST:
            return list(found.values()), False
        seen.add(id(value))
        if _is_opaque(value):
            return list(found.values()), False
        states, inner = _of(value)
        for state in states:
            found[state[0]] = state
        left += [(part, depth + 1) for part in inner]
    return list(found.values()), True


def _of(value: Any) -> tuple[list[State], list[Any]]:
    """What of it can change, and what it leads to."""
    kind = type(value)
    if isinstance(value, types.FunctionType):
        return _of_function(value)
    if kind is functools.partial:
        return [], [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, _BOUND):
        return [], [value.__self__, *([value.__func__] if isinstance(value, types.MethodType) else [])]
    if isinstance(value, types.CoroutineType | types.GeneratorType):
        frame = value.cr_frame if isinstance(value, types.CoroutineType) else value.gi_frame
        return [], [] if frame is None else [*frame.f_locals.values()]
    if isinstance(value, HOLDERS) or is_array(value):
        inner = list(value.values()) if isinstance(value, dict) else [] if is_array(value) else list(value)
        states, parts = _of_object(value) if kind.__module__ == "tests" else ([], [])
        return [container(value), *states], [*inner, *parts]
    if isinstance(value, types.ModuleType):
        return ([container(vars(value))], [*vars(value).values()]) if value.__name__ not in sys.modules else ([], [])
    if isinstance(value, tuple):
        return [], [*value]
    if kind in (io.StringIO, io.BytesIO):
        return [] if value.closed else [_stream(value)], []
    if kind is contextvars.ContextVar:
        return [_variable(value)], []
    if kind is random.Random:
        return [_numbers(value)], []
    if isinstance(value, type):
        return ([_class(value)], _held_by(value)) if value.__module__ == "tests" else ([], [])
    if kind.__module__ in _OPEN or is_stand_in(value):
        return _of_object(value)
    settled = str(kind.__module__).partition(".")[0] in _SETTLED
    return _of_object(value) if _is_of_python(kind) and not settled else ([], [])


_PLAIN = ("tests", "abc", "typing")


def _is_of_python(kind: type) -> bool:
    """Whether all that its objects hold lies in their attributes: none of its classes is written in C."""
    bases = [vars(base).values() for base in kind.__mro__ if base is not object and base.__module__ not in _PLAIN]
    return all(any(isinstance(item, types.FunctionType) for item in items) for items in bases)


def _is_opaque(value: Any) -> bool:
    """Whether it may change and it is not to be seen how: a database, a file, a tree or an array of the library's."""
    kind = type(value)
    module, name = str(kind.__module__), kind.__name__
    if isinstance(value, types.FunctionType):
        names = _names(value.__code__)
        return not (_FILES | _SEEDS).isdisjoint(names) or ("os" in names and "remove" in names)
    if isinstance(value, _BOUND) and value.__name__ in _SEEDS:
        return True
    if isinstance(value, _SEEN) or kind is random.Random or is_array(value):
        return False
    if module.startswith("pathlib") or name == "memoryview":
        return True
    settled = module == "numpy" or module in _OPEN[1:] or module.partition(".")[0] in _SETTLED
    return not (settled or _is_of_python(kind))


def _of_function(value: types.FunctionType) -> tuple[list[State], list[Any]]:
    states = [*map(_cell, value.__closure__ or ())]
    if value.__globals__.get("__name__") == "tests":
        states += [_name(value.__globals__, name) for name in _names(value.__code__)]
    inner = [part for state in states for part in state[1]()]
    inner += [*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()]
    return states, [*inner, vars(value)]


def _of_object(value: Any) -> tuple[list[State], list[Any]]:
    states: list[State] = []
    inner: list[Any] = [type(value)]
    held = getattr(value, "__dict__", None)
    if type(held) is dict:
        states.append(container(held))
        inner += [item for name, item in held.items() if name not in _OF_UNITTEST]
    for name in _slots(type(value)):
        state = _slot(value, name)
        states.append(state)
        inner += state[1]()
    return states, inner


def _slots(kind: type) -> Iterator[str]:
    for base in kind.__mro__:
        for name, item in vars(base).items():
            if isinstance(item, types.MemberDescriptorType):
                yield name


def _slot(value: Any, name: str) -> State:
    def read() -> list[Any]:
        return [getattr(value, name)] if hasattr(value, name) else []

    def write(held: list[Any]) -> None:
        if held:
            object.__setattr__(value, name, held[0])

    return ("slot", id(value), name), read, write


def _class(kind: type) -> State:
    """What stands in a class beside its functions."""

    def read() -> list[Any]:
        return [(name, item) for name, item in vars(kind).items() if not name.startswith("__") and not callable(item)]

    def write(held: list[Any]) -> None:
        for name, item in held:
            if vars(kind).get(name) is not item:
                type.__setattr__(kind, name, item)

    return ("class", id(kind)), read, write


def _held_by(kind: type) -> list[Any]:
    return [*kind.__mro__[1:]] + [
        item for name, item in vars(kind).items() if not name.startswith("__") and not callable(item)
    ]


def _variable(variable: contextvars.ContextVar[Any]) -> State:
    def read() -> list[Any]:
        try:
            return [variable.get()]
        except LookupError:
            return []

    def write(held: list[Any]) -> None:
        if held:
            variable.set(held[0])

    return Kept(variable), read, write


def _numbers(drawn: random.Random) -> State:
    def write(held: list[Any]) -> None:
        drawn.setstate(marshal.loads(held[0]))

    return Kept(drawn), lambda: [marshal.dumps(drawn.getstate())], write


def _stream(stream: Any) -> State:
    def write(held: list[Any]) -> None:
        stream.seek(0)
        stream.truncate()
        stream.write(held[0])
        stream.seek(held[1])

    return Kept(stream), lambda: [stream.getvalue(), stream.tell()], write


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


def _names(code: types.CodeType) -> list[str]:
    inner = [name for part in code.co_consts if isinstance(part, types.CodeType) for name in _names(part)]
    return [*code.co_names, *inner]


def looked_into(function: Any, arguments: list[Any]) -> Any:
    """What runs where the program calls this: of what only gives an attribute the object, where its class computes that one."""
    if getattr(function, "func", None) is not asked:
        return function
    kind, name = type(function.args[0]), str(arguments[0]) if arguments else ""
    found = next((vars(base)[name] for base in kind.__mro__ if name in vars(base)), None)
    computed = isinstance(found, property) or any(
        "__getattr__" in vars(b) for b in kind.__mro__ if b.__module__ == "tests"
    )
    return function.args[0] if computed else None
