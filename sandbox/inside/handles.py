"""What the tests hold of an object that lives in the program: it may be called, read and compared by identity.

It never judges. Whatever would let it decide a comparison is still asked, since a no is a failure; but the test that
asked passes for nothing: the session keeps the reason in `judged`, and the test is untested. That is `==` with another
object, an order, `in`, what arithmetic with a plain value makes of it, and where the tests did not build it, its length,
its being false, the yes of a method. Runs in the container, in the driver's process.
"""

import collections
import types
from typing import Any

from sandbox.inside import codec
from sandbox.inside.runner import ARITHMETIC

_KNOWN_ATTRIBUTES = frozenset(
    f"__{name}__" for name in ("name", "qualname", "doc", "module", "wrapped", "members", "annotations", "all")
)
"""Of names with two underscores on both sides only these are asked: the rest are protocols, by which numpy, `copy` and
others would let the object answer in their place."""


class HandleClass(type):
    """The type of class stubs: calling one constructs in the program; attributes and iteration (enums) are asked there
    too.

    `_lab_named` is True for a class the test script itself calls by a name with a capital: what it constructs is meant
    to be an object. The name the program gives its class says nothing.
    """

    def __call__(cls, *arguments: Any, **keywords: Any) -> Any:
        session = cls._lab_session
        known = len(session.handles)
        made = session.ask("call", cls, *arguments, **keywords)
        by = repr(session.request)
        if isinstance(made, Valued):
            made = _shown(made, codec.shows(made, _own(made, "_lab_base"), arguments, keywords))
        elif not isinstance(made, Handle):
            session.judge(f"its class {cls.__name__[:100]} gives no object of its own")
        elif _own(made, "_lab_serial") >= known:
            session.made[_own(made, "_lab_id")] = by
        elif not keywords and arguments == cls.__dict__.get("_lab_values", {}).get(_own(made, "_lab_id"), ()):
            pass  # no argument, or a member of an enum by its value
        elif session.made.get(_own(made, "_lab_id"), "") != by:
            session.judge(f"its class {cls.__name__[:100]} gives an object that is known, for other arguments")
        return _derived(made, cls.__dict__.get("_lab_named", False))

    def __getattr__(cls, name: str) -> Any:
        _refuse_protocols(name)
        named = cls.__dict__.get("_lab_named", False)
        known = len(cls._lab_session.handles)
        value = cls._lab_session.ask("getattr", cls, name)
        same_under(cls._lab_session, cls.__dict__.get("_lab_members", {}), name, value, known)
        return attribute_of(named, name, value)

    def __instancecheck__(cls, value: Any) -> bool:
        if type.__instancecheck__(cls, value):
            return True
        kind = type(value).__dict__.get("_lab_kind")
        return cls is not Handle and kind is not None and issubclass(kind, cls)

    def __iter__(cls) -> Any:
        return iter(cls._lab_session.ask("iter", cls))

    def __len__(cls) -> Any:
        return cls._lab_session.ask("len", cls)

    def __bool__(cls) -> bool:
        return True

    def __getitem__(cls, key: Any) -> Any:
        return cls._lab_session.ask("getitem", cls, key)

    def __contains__(cls, item: Any) -> bool:
        cls._lab_session.judge(f"`in` asks a class of the program ({cls.__name__})")
        return bool(cls._lab_session.ask("contains", cls, item))


class Handle(metaclass=HandleClass):
    """An object of the program. `==` with a plain value is False and not asked; an order or `in` between the two is a
    TypeError unless the tests built the object from a class they named.
    """

    __dict__ = property(lambda self: _ask(self, "getattr", self, "__dict__"))
    __class__: Any = property(lambda self: _KINDS.get(_own(self, "_lab_shape"), type(self)))

    def __getattr__(self, name: str) -> Any:
        _refuse_protocols(name)
        value = attribute_of(_own(self, "_lab_built"), name, _ask(self, "getattr", self, name))
        if name == "send" and _own(self, "_lab_shape") == "generator":  # as a call of a function that it gave
            object.__setattr__(value, "_lab_method", None)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        _ask(self, "setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        _ask(self, "delattr", self, name)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        answer = _ask(self, "call", self, *arguments, **keywords)
        method = _own(self, "_lab_method")
        asked = type(answer) is bool or arguments or keywords
        if method is not None and asked and not _own(self, "_lab_built"):
            _judges(self, f"its method `{method}` answers for it")
        return _derived(answer, method is not None and _own(self, "_lab_built"))

    def __await__(self) -> Any:
        return self

    def __copy__(self) -> Any:
        return _derived(_ask(self, "copy", self), _own(self, "_lab_built"))

    def __deepcopy__(self, memo: Any) -> Any:
        return _derived(_ask(self, "deepcopy", self), _own(self, "_lab_built"))

    def __eq__(self, other: object) -> bool:
        if self is other or other is None:
            return self is other
        if _own(self, "_lab_shape") in _SHAPES and not isinstance(other, Handle):
            return bool(_contents(self) == other)
        _judges(self, "`==`")
        return isinstance(other, Handle) and _ask(self, "eq", self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        if not _own(self, "_lab_built"):
            _judges(self, "`hash`")
        return _only(int, _ask(self, "hash", self))

    def __bool__(self) -> bool:
        """Any object that says nothing of itself is true; where it says it is false, it judges."""
        true = _ask(self, "bool", self) is True
        if true or (_own(self, "_lab_shape") in _SHAPES and not _contents(self)):
            return true
        if not _own(self, "_lab_built"):
            _judges(self, "it says that it is false")
        return False

    def __len__(self) -> int:
        length = _only(int, _ask(self, "len", self))
        if not _own(self, "_lab_built") and not (
            _own(self, "_lab_shape") in _SHAPES and len(_contents(self)) == length
        ):
            _judges(self, "`len`")
        return length

    def __iter__(self) -> Any:
        return _Elements(_ask(self, "iter", self))

    def __next__(self) -> Any:
        if _own(self, "_lab_shape") == "coroutine":
            raise StopIteration(_ask(self, "await", self))
        return _ask(self, "next", self)

    def __contains__(self, item: Any) -> bool:
        if _own(self, "_lab_shape") in _SHAPES and not isinstance(item, Handle):
            inside = item in _contents(self)
            if inside == _ask(self, "contains", self, item):
                return inside
        _may_judge(self, item, "in")
        return _ask(self, "contains", self, item) is True

    def __enter__(self) -> Any:
        return _derived(_ask(self, "enter", self), _own(self, "_lab_built"))

    def __exit__(self, *error: Any) -> Any:
        swallows = _ask(self, "exit", self, *([None] * 3)) is True
        if not swallows or error[0] is None or not issubclass(error[0], Exception) or error[0] is AssertionError:
            return False  # a failed assertion is not the program's to swallow
        _judges(self, "it swallows an exception")
        return True

    def __repr__(self) -> str:
        return _only(str, _ask(self, "repr", self))

    def __str__(self) -> str:
        return _only(str, _ask(self, "str", self))

    def __format__(self, spec: str) -> str:
        return _only(str, _ask(self, "format", self, spec))

    def __divmod__(self, other: Any) -> Any:
        return _arithmetic(self, "divmod", self, other)


class _Elements:
    """An iterator over an object of the program: whatever `iter` gave there, one element a question."""

    def __init__(self, iterator: Any) -> None:
        self.iterator = iterator

    def __iter__(self) -> "_Elements":
        return self

    def __next__(self) -> Any:
        return next(self.iterator)


_OWN = {"_lab_built": False, "_lab_mixed": False, "_lab_method": None, "_lab_shape": None}
"""What is known of a handle: the tests built it (or got it from one they built), it has met a plain value, it is the
method of this name, its class derives from this built-in type."""
_SHAPES = {kind.__name__: kind for kind in (list, dict, set, bytearray, collections.deque)}
"""Of these what an object holds is read as plain data and compared by the tests."""
_KINDS: dict[Any, type] = {**_SHAPES, "generator": types.GeneratorType, "coroutine": types.CoroutineType}


def new_handle(kind: type, session: Any, number: int, shape: str | None = None) -> Any:
    """The handle of the object that the program calls `number`; `kind` is Handle or a class stub."""
    handle: Any = object.__new__(kind)
    known = {"_lab_session": session, "_lab_id": number, "_lab_shape": shape, "_lab_serial": len(session.handles)}
    for name, value in {**_OWN, **known}.items():
        object.__setattr__(handle, name, value)
    return handle


def _contents(handle: Any) -> Any:
    """What an object derived from a list, dict or set holds, as plain data."""
    contents = _ask(handle, "plain", handle)
    if isinstance(contents, Handle):
        raise TypeError("the program answered with an object where what it holds belongs")
    return contents


def same_under(session: Any, members: dict[str, Any], name: str, value: Any, known: int) -> None:
    """An object that stands under a name of the program is the one that stood there before the first call: one that is
    put there later, after it was an answer, would be what its answer is compared with. `known`: objects seen before.
    """
    if isinstance(value, Valued) and name not in members:
        object.__setattr__(value, "_lab_shown", _own(value, "_lab_shown") or False)
    if type(value) is Handle or not isinstance(value, Handle) or members.get(name) is value:
        return
    if name in members or _own(value, "_lab_serial") < known:
        session.judge(f"the program puts another object under the name {name[:100]!r}")


class Valued:
    """Plain data of a class of the program's (an IntEnum, a NamedTuple): compared as that data; what its class gives
    besides is asked. Of two one must be seen to hold what the tests wrote: else the program made both sides.
    """

    def __getattr__(self, name: str) -> Any:
        _refuse_protocols(name)
        return attribute_of(_own(self, "_lab_built"), name, _own(self, "_lab_session").ask("getattr", self, name))

    def __eq__(self, other: object) -> bool:
        shown = {_own(self, "_lab_shown"), _own(other, "_lab_shown")} if isinstance(other, Valued) else set()
        if self is not other and False in shown:
            _own(self, "_lab_session").judge(f"both sides are the program's ({type(self).__name__[:100]})")
        return bool(_own(self, "_lab_base").__eq__(self, other) is True)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return int(_own(self, "_lab_base").__hash__(self))

    __copy__ = __deepcopy__ = lambda self, *_: self

    def _replace(self, **fields: Any) -> Any:
        return _own(self, "_lab_base")(*tuple(self))._replace(**fields)


def new_valued(session: Any, number: int, kind: Any, base: Any) -> Any:
    """The plain value `base` of the class that the stub `kind` stands for, called `number` by the program. Raises
    TypeError where it is not plain.
    """
    shape = type(base)
    if shape not in (int, float, str, bytes) and tuple not in shape.__mro__:
        raise TypeError("no plain value")
    known = session.values.get(number)
    if known is not None and _own(known, "_lab_base") is shape and shape.__eq__(known, base) is True:
        return known
    value = _valued(session, number, kind, shape, base)
    if tuple not in shape.__mro__:
        session.values[number] = value
    return value


def _valued(session: Any, number: int, kind: Any, shape: Any, base: Any) -> Any:
    stub = kind if isinstance(kind, HandleClass) else Handle
    made = type(stub.__name__, (Valued, shape), {"_lab_kind": stub, "__module__": "solution"})
    value = (tuple if tuple in shape.__mro__ else shape).__new__(made, base)
    told = {"_lab_session": session, "_lab_id": number, "_lab_base": shape, "_lab_built": False, "_lab_shown": None}
    for name, item in told.items():
        object.__setattr__(value, name, item)
    return value


def _shown(value: Any, shown: bool) -> Any:
    """The value as a class gave it that the tests called; `shown`: it holds what they called it with."""
    if _own(value, "_lab_shown") and not shown:
        base = _own(value, "_lab_base")
        plain = tuple(value) if issubclass(base, tuple) else base(value)
        value = _valued(
            _own(value, "_lab_session"), _own(value, "_lab_id"), type(value).__dict__["_lab_kind"], base, plain
        )
    object.__setattr__(value, "_lab_shown", shown)
    return value


def _own(handle: Any, name: str) -> Any:
    return object.__getattribute__(handle, name)


def _ask(handle: Any, operation: str, *arguments: Any, **keywords: Any) -> Any:
    if not _own(handle, "_lab_mixed"):
        return _own(handle, "_lab_session").ask(operation, *arguments, **keywords)
    _judges(handle, "it has met a plain value in arithmetic")
    answer = _own(handle, "_lab_session").ask(operation, *arguments, **keywords)
    if isinstance(answer, Handle):
        object.__setattr__(answer, "_lab_mixed", True)
    return answer


def _judges(handle: Any, how: str) -> None:
    _own(handle, "_lab_session").judge(f"an object of the program ({type(handle).__name__[:100]}) decides: {how}")


def _derived(value: Any, built: bool) -> Any:
    """What was given by an object that the tests built is meant to be an object, where they name its class. A function
    that gives back one that the tests built takes that from it.
    """
    if isinstance(value, Handle | Valued):
        kind = type(value).__dict__.get("_lab_kind", type(value))
        object.__setattr__(value, "_lab_built", built and kind.__dict__.get("_lab_named", False))
    return value


def attribute_of(built: bool, name: str, value: Any) -> Any:
    """`value`, read from an object of the program under `name`; `built`: the tests built that object."""
    if isinstance(value, Handle):
        _derived(value, built)
        object.__setattr__(value, "_lab_method", name)
        if type(value) is Handle:  # a function or a method, of no class of the program's
            object.__setattr__(value, "_lab_built", built)
    return value


def _refuse_protocols(name: str) -> None:
    if name.startswith("_lab_") or (name.startswith("__") and name.endswith("__") and name not in _KNOWN_ATTRIBUTES):
        raise AttributeError(name)


def _only(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"the program answered {type(value).__name__} where {kind.__name__} belongs")
    return value


def _may_judge(handle: Any, other: Any, sign: str) -> None:
    _judges(handle, f"`{sign}`")
    if not isinstance(other, Handle) and not _own(handle, "_lab_built"):
        raise TypeError(f"'{sign}' between an object of the program ({type(handle).__name__}) and a plain value")


def _arithmetic(handle: Any, operation: str, left: Any, right: Any) -> Any:
    result = _ask(handle, operation, left, right)
    if isinstance(left, Handle) and isinstance(right, Handle):
        built = _own(left, "_lab_built") and _own(right, "_lab_built")
        if not built:
            _judges(handle, "arithmetic")
        return _derived(result, built)
    if not isinstance(result, Handle):
        raise TypeError(f"an object of the program ({type(handle).__name__}) turned a plain value into a plain answer")
    object.__setattr__(result, "_lab_mixed", True)
    return result


def _unary(handle: Any, operation: str, *arguments: Any) -> Any:
    result = _ask(handle, operation, handle, *arguments)
    if _own(handle, "_lab_mixed") and not isinstance(result, Handle):
        raise TypeError(f"an object of the program ({type(handle).__name__}) answers for a plain value it was given")
    return result


def _give_operators() -> None:
    """The operators of Handle that differ only in name."""

    def ordering(name: str) -> Any:
        def compare(self: Any, other: Any) -> bool:
            _may_judge(self, other, name)
            return _ask(self, name, self, other) is True

        return compare

    def binary(name: str, swapped: bool) -> Any:
        def operate(self: Any, other: Any) -> Any:
            return _arithmetic(self, name, *((other, self) if swapped else (self, other)))

        return operate

    def unary(name: str) -> Any:
        return lambda self, *arguments: _unary(self, name, *arguments)

    def plain(name: str) -> Any:
        return lambda self, *arguments: _ask(self, name, self, *arguments)

    for name in ("lt", "le", "gt", "ge"):
        setattr(Handle, f"__{name}__", ordering(name))
    for name in ARITHMETIC:
        setattr(Handle, f"__{name.rstrip('_')}__", binary(name, False))
        setattr(Handle, f"__r{name.rstrip('_')}__", binary(name, True))
    for name in ("neg", "pos", "invert", "abs", "int", "float", "complex", "round", "index", "bytes"):
        setattr(Handle, f"__{name}__", unary(name))
    for name in ("getitem", "setitem", "delitem", "reversed", "dir"):
        setattr(Handle, f"__{name}__", plain(name))
    for name in ("str", "repr", "format"):
        setattr(
            Valued,
            f"__{name}__",
            lambda self, *how, name=name: _only(str, _own(self, "_lab_session").ask(name, self, *how)),
        )
    type.__setattr__(Handle, "__doc__", property(lambda self: _ask(self, "getattr", self, "__doc__")))


_give_operators()
