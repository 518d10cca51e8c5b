"""Objects of the tests' own classes, as the program sees them: what it asks of one, and calls, is done by the tests. It may
set nothing of it: that would change what the tests look at. Runs in the container, on both sides.
"""

import functools
import sys
import types
from collections.abc import Callable
from typing import Any

_PROTOCOLS = frozenset(
    f"__{name}__"
    for name in (
        *("call", "len", "iter", "next", "getitem", "contains", "enter", "exit", "eq", "lt", "le", "gt", "ge", "hash"),
        *("bool", "str", "repr", "int", "float", "index", "add", "sub", "mul", "aenter", "aexit", "aiter", "anext"),
    )
)


def is_stand_in(value: Any) -> bool:
    """Whether it is of a class of the tests', a mock or a bare `object()`: none that is a test itself."""
    kind = type(value)
    if kind in (object, types.SimpleNamespace) or _is_mock(kind):
        return True
    if kind.__module__ != "tests" or isinstance(value, type | BaseException) or kind.__name__.startswith("Test"):
        return False
    return not any(base.__name__ == "TestCase" for base in kind.__mro__)


def protocols(value: Any) -> list[str]:
    """The special methods that its class has of its own."""
    kind = type(value)
    if _is_mock(kind):
        return ["__call__"] if callable(value) else []
    own = [name for base in kind.__mro__ if base.__module__ == "tests" for name in vars(base)]
    return sorted(_PROTOCOLS.intersection(name for name in own if getattr(kind, name) is not None))


def asked(value: Any, name: str) -> Any:
    """What it has under this name. Of a mock not what it is itself: by that its tests look at what was called."""
    refused = name.startswith(("_lab_", "__")) or (_is_mock(type(value)) and _of_mocks(name))
    if refused and name not in _PROTOCOLS:
        raise AttributeError(name)
    return getattr(value, name)


def given_back(session: Any, value: Any) -> None:
    """The program answers with an object of the tests: where that is found to be equal to something of another class, by a
    method of its own as a matcher has, the program may have chosen it for that.
    """
    session.given_back.add(id(value))
    for kind in [kind for kind in type(value).__mro__ if kind.__module__ == "tests"]:
        for name in [name for name in _COMPARES if isinstance(vars(kind).get(name), types.FunctionType)]:
            if "_lab_asked" not in vars(vars(kind)[name]):
                setattr(kind, name, _noted(session, kind, vars(kind)[name]))


def _noted(session: Any, kind: type, method: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    @functools.wraps(method)
    def compare(one: Any, other: Any) -> Any:
        said = method(one, other)
        if id(one) in session.given_back and said is not NotImplemented and said and not isinstance(other, kind):
            session.judge(f"an object of the tests ({type(one).__name__[:100]}) stands for what it is compared with")
        return said

    compare.__dict__["_lab_asked"] = True
    return compare


_COMPARES = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")


def _is_mock(kind: type) -> bool:
    mock = sys.modules.get("unittest.mock")
    return mock is not None and issubclass(kind, mock.NonCallableMock)


def _of_mocks(name: str) -> bool:
    return name.startswith("assert") or hasattr(sys.modules["unittest.mock"].NonCallableMock, name) or name in _OF_MOCKS


_OF_MOCKS = (
    *("return_value", "side_effect", "called", "call_count", "call_args", "call_args_list", "mock_calls"),
    *("method_calls", "await_count", "await_args", "await_args_list"),
)


def stand_in(ask: Callable[[str], Any], name: str, special: list[str]) -> Any:
    """What the program has of it: `ask` gives what the tests' object has under a name."""

    def get(self: Any, name: str) -> Any:
        return ask(name)

    def refuse(self: Any, name: str, *_: Any) -> None:
        raise TypeError(f"{name!r} of an object of the tests is set by another process")

    def method(name: str) -> Any:
        return lambda self, *arguments, **keywords: ask(name)(*arguments, **keywords)

    methods: dict[str, Any] = {one: method(one) for one in special if one in _PROTOCOLS}
    held = {"__getattr__": get, "__setattr__": refuse, "__delattr__": refuse, "__module__": "tests", **methods}
    if "__eq__" in methods and "__hash__" not in methods:
        held["__hash__"] = None
    return type(name, (), held)()
