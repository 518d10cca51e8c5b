"""What the tests may have the program do, by name. Runs in the container, in the program's process."""

import builtins
import copy
import dataclasses
import inspect
import operator
from typing import Any

from sandbox.inside.values import codec


def operations() -> dict[str, Any]:
    table = {name: getattr(operator, name) for name in _OPERATORS}
    table |= {name: getattr(builtins, name) for name in _BUILTINS}
    table |= {name: getattr(module, name) for name, module in INSPECTED.items()}
    table["call"] = lambda target, *args, **kw: target(*args, **kw)
    table |= {"plain": codec.holds, "copy": copy.copy, "deepcopy": copy.deepcopy, "await": _awaited}
    table["enter"] = lambda target: type(target).__enter__(target)
    table["exit"] = lambda target, *error: type(target).__exit__(target, *_raised(*error))
    table["aenter"] = lambda target: _awaited(type(target).__aenter__(target))
    table["aexit"] = lambda target, *error: _awaited(type(target).__aexit__(target, *_raised(*error)))
    table |= {"aiter": aiter, "anext": lambda target: _awaited(_whole(type(target).__anext__(target)))}
    return table


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

    loop = _LOOPS[0] if _LOOPS else asyncio.new_event_loop()
    _LOOPS[:] = [loop]
    return loop.run_until_complete(coroutine)


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
_OPERATORS = (
    *ARITHMETIC,
    *("eq", "ne", "lt", "le", "gt", "ge", "neg", "pos", "invert", "index"),
    *("contains", "getitem", "setitem", "delitem"),
)
_BUILTINS = (
    *("callable", "hasattr", "getattr", "setattr", "delattr", "dir", "len", "iter", "next", "reversed", "hash"),
    *("repr", "str", "format", "bytes", "bool", "int", "float", "complex", "abs", "round", "divmod"),
)
