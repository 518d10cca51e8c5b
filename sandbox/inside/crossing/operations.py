"""What the tests may have the program do, by name. Runs in the container, in the program's process."""

import builtins
import copy
import dataclasses
import inspect
import operator
import types
from collections.abc import Callable
from typing import Any

from sandbox.inside.values import codec


def operations() -> dict[str, Any]:
    table = {name: getattr(operator, name) for name in _OPERATORS}
    table |= {name: getattr(builtins, name) for name in _BUILTINS}
    table |= {name: getattr(module, name) for name, module in INSPECTED.items()}
    table |= {name: getattr(operator, name) for name in IN_PLACE.values()}
    table["call"] = table["construct"] = lambda target, *args, **kw: target(*args, **kw)
    table |= {"derive": _derived, "methods": _methods}
    table["inherited"] = lambda kind, target, name: getattr(super(kind, target), name)
    table |= {"plain": codec.holds, "copy": copy.copy, "deepcopy": copy.deepcopy, "await": _awaited}
    table["enter"] = lambda target: type(target).__enter__(target)
    table["exit"] = lambda target, *error: type(target).__exit__(target, *_raised(*error))
    table["aenter"] = lambda target: _awaited(type(target).__aenter__(target))
    table["aexit"] = lambda target, *error: _awaited(type(target).__aexit__(target, *_raised(*error)))
    table |= {"aiter": aiter, "anext": lambda target: _awaited(_whole(type(target).__anext__(target)))}
    return table


def _derived(name: str, bases: tuple[type, ...], members: dict[str, Any], **keywords: Any) -> type:
    """A class as the tests say it: of each member what wraps it, and the functions or the value."""
    made = {key: getattr(builtins, how)(*parts) if how else parts[0] for key, (how, *parts) in members.items()}
    return types.new_class(name, bases, keywords, lambda held: held.update(made, __module__="tests"))


def _methods(kind: type) -> list[str]:
    """What of a class is a function, or is made of some."""
    wrapped = types.FunctionType, staticmethod, classmethod, property
    names = [name for name in dir(kind) if isinstance(inspect.getattr_static(kind, name), wrapped)]
    return ["__init__", *[name for name in names if not name.startswith("__")]]


def _raised(kind: Any = None, *arguments: Any) -> tuple[Any, Any, Any]:
    """What `__exit__` is told of an exception."""
    if kind is None:
        return None, None, None
    try:
        error = kind(*arguments)
    except Exception:
        error = kind.__new__(kind)
    return kind, error, error.__traceback__


async def _whole(awaitable: Any) -> Any:
    return await awaitable


def _awaited(coroutine: Any) -> Any:
    """What a coroutine gives, run to its end in the program's one event loop."""
    import asyncio

    loop, outer = _loop(), asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return loop.run_until_complete(coroutine)
    finally:
        asyncio._set_running_loop(outer)


def in_loop(operate: Callable[..., Any]) -> Callable[..., Any]:
    """An operation as it is done where the tests are run by an event loop: it finds one, and may give it tasks."""

    def within(*arguments: Any, **keywords: Any) -> Any:
        import asyncio

        outer = asyncio._get_running_loop()
        asyncio._set_running_loop(outer or _loop())
        try:
            return operate(*arguments, **keywords)
        finally:
            asyncio._set_running_loop(outer)

    return within


def _loop() -> Any:
    """The event loop in which coroutines of the program are run: a further one in the place of one that is running."""
    import asyncio

    free = next((loop for loop in _LOOPS if not loop.is_running()), None)
    if free is None:
        free = asyncio.new_event_loop()
        _LOOPS.append(free)
    return free


_LOOPS: list[Any] = []


INSPECTED: dict[str, Any] = {
    **{"iscoroutinefunction": inspect, "isgeneratorfunction": inspect, "isasyncgenfunction": inspect},
    **{"isfunction": inspect, "ismethod": inspect, "isbuiltin": inspect, "isroutine": inspect, "isabstract": inspect},
    **{"signature": inspect, "getfullargspec": inspect},
    **{"asdict": dataclasses, "astuple": dataclasses, "fields": dataclasses, "is_dataclass": dataclasses},
    "replace": dataclasses,
}
"""Functions that look into an object, and their modules: of one of the program's they are asked there."""
ARITHMETIC = (
    *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
    *("and_", "or_", "xor", "lshift", "rshift"),
)
IN_PLACE = {name: f"i{name.rstrip('_')}" for name in ARITHMETIC}
"""What is done in place of each: `__iadd__` where there is one."""
_OPERATORS = (
    *ARITHMETIC,
    *("eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "invert", "index"),
    *("contains", "getitem", "setitem", "delitem"),
)
_BUILTINS = (
    *("callable", "hasattr", "getattr", "setattr", "delattr", "dir", "len", "iter", "next", "reversed", "hash"),
    *("repr", "str", "format", "bytes", "bool", "int", "float", "complex", "abs", "round", "divmod"),
)
