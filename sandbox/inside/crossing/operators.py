"""Handles as they come into being, and their operators, which differ only in name. Runs in the container, in the tests'
own process.
"""

from typing import Any

from sandbox.inside.crossing.operations import ARITHMETIC, IN_PLACE
from sandbox.inside.handles import (
    OWN,
    TELLING,
    Handle,
    HandleClass,
    Valued,
    ask_of,
    decides,
    derived,
    may_judge,
    only,
    own,
    valued,
)


def new_handle(described: type, session: Any, number: int, shape: str | None = None) -> Any:
    """The handle of the object that the program calls `number`, of a class stub or of a class of Python's."""
    stub: Any = described if isinstance(described, HandleClass) else Handle
    handle: Any = object.__new__(stub)
    told = issubclass(described, BaseException) or described.__name__ in TELLING
    known = {"_lab_session": session, "_lab_id": number, "_lab_shape": shape, "_lab_serial": len(session.handles)}
    known["_lab_class"] = described if told and not isinstance(described, HandleClass) else None
    known["_lab_built"] = "_lab_derived" in stub.__dict__
    for name, value in {**OWN, **known}.items():
        object.__setattr__(handle, name, value)
    return handle


def new_valued(session: Any, number: int, kind: Any, base: Any) -> Any:
    """The plain value `base` of the class that the stub `kind` stands for, called `number` by the program. Raises
    TypeError where it is not plain.
    """
    shape = type(base)
    if shape not in (int, float, str, bytes) and tuple not in shape.__mro__:
        raise TypeError("no plain value")
    known = session.values.get(number)
    if known is not None and own(known, "_lab_base") is shape and shape.__eq__(known, base) is True:
        return known
    value = valued(session, number, kind, shape, base)
    if tuple not in shape.__mro__:
        session.values[number] = value
    return value


def _arithmetic(handle: Any, operation: str, left: Any, right: Any) -> Any:
    result = ask_of(handle, operation, left, right)
    if isinstance(left, Handle) and isinstance(right, Handle):
        built = own(left, "_lab_built") and own(right, "_lab_built")
        if not built:
            decides(handle, "arithmetic")
        return derived(result, built)
    if not isinstance(result, Handle):
        decides(handle, "it makes a plain answer of a plain value")  # also where the test is content with this error
        raise TypeError(f"an object of the program ({type(handle).__name__}) turned a plain value into a plain answer")
    object.__setattr__(result, "_lab_mixed", True)
    return result


def _unary(handle: Any, operation: str, *arguments: Any) -> Any:
    result = ask_of(handle, operation, handle, *arguments)
    if own(handle, "_lab_mixed") and not isinstance(result, Handle):
        decides(handle, "it makes a plain answer of a plain value")
        raise TypeError(f"an object of the program ({type(handle).__name__}) answers for a plain value it was given")
    return result


def _give_operators() -> None:
    """The operators of Handle that differ only in name."""

    def ordering(name: str) -> Any:
        def compare(self: Any, other: Any) -> bool:
            may_judge(self, other, name)
            return ask_of(self, name, self, other) is True

        return compare

    def binary(name: str, swapped: bool) -> Any:
        def operate(self: Any, other: Any) -> Any:
            return _arithmetic(self, name, *((other, self) if swapped else (self, other)))

        return operate

    def unary(name: str) -> Any:
        return lambda self, *arguments: _unary(self, name, *arguments)

    def plain(name: str) -> Any:
        return lambda self, *arguments: ask_of(self, name, self, *arguments)

    for name in ("lt", "le", "gt", "ge"):
        setattr(Handle, f"__{name}__", ordering(name))
    for name in ARITHMETIC:
        setattr(Handle, f"__{name.rstrip('_')}__", binary(name, False))
        setattr(Handle, f"__r{name.rstrip('_')}__", binary(name, True))
        setattr(Handle, f"__{IN_PLACE[name]}__", binary(IN_PLACE[name], False))
    setattr(Handle, "__divmod__", binary("divmod", False))  # noqa: B010
    for name in ("neg", "pos", "invert", "abs", "int", "float", "complex", "round", "index", "bytes"):
        setattr(Handle, f"__{name}__", unary(name))
    for name in ("getitem", "setitem", "delitem", "reversed", "dir"):
        setattr(Handle, f"__{name}__", plain(name))
    for name in ("str", "repr", "format"):
        setattr(
            Valued,
            f"__{name}__",
            lambda self, *how, name=name: only(str, own(self, "_lab_session").ask(name, self, *how)),
        )
    type.__setattr__(Handle, "__doc__", property(lambda self: ask_of(self, "getattr", self, "__doc__")))


_give_operators()
