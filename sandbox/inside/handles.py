"""What the tests hold of an object that lives in the program: it may be called, read and compared by identity.

It never judges. Whatever would let it decide a comparison is still asked, since a no is a failure; but the test that
asked passes for nothing: the session keeps the reason in `judged`, and the test is untested. That is `==` with another
object, an order, `in`, what arithmetic with a plain value makes of it, and where the tests did not build it, its length,
its being false, the yes of a method. Runs in the container, in the driver's process.
"""

import collections
import types
from typing import Any

from sandbox.inside.values import codec
from sandbox.inside.values.entrusted import of_class
from sandbox.inside.wire import KNOWN_CLASSES, tells_equal

_KNOWN_ATTRIBUTES = frozenset(
    f"__{name}__"
    for name in (
        *("name", "qualname", "doc", "module", "wrapped", "members", "annotations", "all"),
        *("cause", "context", "notes", "suppress_context"),
        *("slots", "match_args", "defaults", "kwdefaults", "version"),
    )
)
"""Of names with two underscores on both sides only these are asked: the rest are protocols, by which numpy, `copy` and
others would let the object answer in their place."""


class HandleClass(type):
    """The type of class stubs: calling one constructs in the program; attributes and iteration (enums) are asked there
    too.

    `_lab_named` is True for a class the test script itself calls by a name with a capital: what it constructs is meant
    to be an object. The name the program gives its class says nothing.
    """

    def __new__(meta, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **keywords: Any) -> Any:
        of_it = [kind for base in bases for kind in base.__mro__ if "_lab_session" in kind.__dict__]
        if "_lab_id" in namespace or not of_it:
            return super().__new__(meta, name, bases, namespace)
        return of_it[0]._lab_session.derive(name, bases, namespace, keywords)  # type: ignore[attr-defined]

    def __init__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **_: Any) -> None:
        super().__init__(name, bases, namespace)

    def __call__(cls, *arguments: Any, **keywords: Any) -> Any:
        session = cls._lab_session
        known = len(session.handles)
        made = session.ask("call", cls, *arguments, **keywords)
        by = repr(session.request)
        if isinstance(made, Valued):
            made = _shown(made, codec.shows(made, own(made, "_lab_base"), arguments, keywords))
        elif not isinstance(made, Handle):
            session.judge(f"its class {cls.__name__[:100]} gives no object of its own")
        elif own(made, "_lab_serial") >= known:
            session.made[own(made, "_lab_id")] = by
        elif (arguments or keywords) and arguments == cls.__dict__.get("_lab_values", {}).get(own(made, "_lab_id")):
            pass  # a member of an enum by its value
        elif not arguments and not keywords and own(made, "_lab_id") not in session.made:
            session.made[own(made, "_lab_id")] = by  # the one object of this class
        elif session.made.get(own(made, "_lab_id"), "") != by:
            session.judge(f"its class {cls.__name__[:100]} gives an object that is known, for other arguments")
        return derived(made, cls.__dict__.get("_lab_named", False))

    def __getattr__(cls, name: str) -> Any:
        _refuse_protocols(name)
        named = cls.__dict__.get("_lab_named", False)
        known = len(cls._lab_session.handles)
        value = cls._lab_session.ask("getattr", cls, name)
        cls._lab_session.stands(cls.__dict__.get("_lab_members", {}), name, value, known)
        return attribute_of(named, name, value, cls)

    def __setattr__(cls, name: str, value: Any) -> None:
        if "_lab_id" not in cls.__dict__:
            type.__setattr__(cls, name, value)
            return
        cls._lab_session.ask("setattr", cls, name, value)
        members = cls.__dict__.get("_lab_members", {})  # what the tests put there is none of the program's doing
        members.pop(name, None)
        if isinstance(value, Handle | Valued):
            members[name] = value

    def __delattr__(cls, name: str) -> None:
        if "_lab_id" not in cls.__dict__:
            type.__delattr__(cls, name)
            return
        cls._lab_session.ask("delattr", cls, name)

    def __instancecheck__(cls, value: Any) -> bool:
        kind = type(value).__dict__.get("_lab_kind")
        found = type.__instancecheck__(cls, value) or (cls is not Handle and kind is not None and issubclass(kind, cls))
        if found and "_lab_id" in cls.__dict__ and not is_made(value):  # a `match` asks so, too
            of_class(cls._lab_session, kind or type(value), cls)
        return found

    def __iter__(cls) -> Any:
        return iter(cls._lab_session.ask("iter", cls))

    def __len__(cls) -> Any:
        return cls._lab_session.ask("len", cls)

    def __bool__(cls) -> bool:
        return True

    def __getitem__(cls, key: Any) -> Any:
        return cls._lab_session.found_in(cls, key, cls._lab_session.ask("getitem", cls, key))

    def __contains__(cls, item: Any) -> bool:
        cls._lab_session.judge(f"`in` asks a class of the program ({cls.__name__})")
        return bool(cls._lab_session.ask("contains", cls, item))


class Handle(metaclass=HandleClass):
    """An object of the program. `==` with a plain value is False and not asked; an order or `in` between the two is a
    TypeError unless the tests built the object from a class they named.
    """

    __dict__ = property(lambda self: ask_of(self, "getattr", self, "__dict__"))
    __class__: Any = property(lambda self: _KINDS.get(own(self, "_lab_shape"), own(self, "_lab_class") or type(self)))

    def __getattr__(self, name: str) -> Any:
        _refuse_protocols(name)
        value = attribute_of(own(self, "_lab_built"), name, ask_of(self, "getattr", self, name), own(self, "_lab_id"))
        if name == "send" and own(self, "_lab_shape") == "generator":  # as a call of a function that it gave
            object.__setattr__(value, "_lab_method", None)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        ask_of(self, "setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        ask_of(self, "delattr", self, name)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        answer = ask_of(self, "call", self, *arguments, **keywords)
        method = own(self, "_lab_method")
        asked = method is not None and (type(answer) is bool or arguments or keywords)
        if asked and (not own(self, "_lab_built") or tells_equal(method, arguments, Handle, answer)):
            decides(self, f"its method `{method}` answers for it")
        return derived(answer, method is not None and own(self, "_lab_built"))

    def __await__(self) -> Any:
        return self if own(self, "_lab_shape") == "coroutine" else _Awaited(self)

    def __copy__(self) -> Any:
        return derived(ask_of(self, "copy", self), own(self, "_lab_built"))

    def __deepcopy__(self, memo: Any) -> Any:
        return derived(ask_of(self, "deepcopy", self), own(self, "_lab_built"))

    def __eq__(self, other: object) -> bool:
        if self is other or other is None:
            return self is other
        if own(self, "_lab_shape") in _SHAPES and not isinstance(other, Handle):
            return bool(held_by(self) == other)
        decides(self, "`==`")
        if isinstance(other, Handle) and own(other, "_lab_id") == own(self, "_lab_id"):
            return False  # told apart (`crossing/alike.py`)
        return isinstance(other, Handle) and ask_of(self, "eq", self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        if own(self, "_lab_shape") == "coroutine":
            return object.__hash__(self)  # `gather` looks for the one that it was given
        if not own(self, "_lab_built"):
            decides(self, "`hash`")
        return only(int, ask_of(self, "hash", self))

    def __bool__(self) -> bool:
        """Any object that says nothing of itself is true; where it says it is false, it judges."""
        true = ask_of(self, "bool", self) is True
        if true or (own(self, "_lab_shape") in _SHAPES and not held_by(self)):
            return true
        if not own(self, "_lab_built"):
            decides(self, "it says that it is false")
        return False

    def __len__(self) -> int:
        length = only(int, ask_of(self, "len", self))
        hint = own(self, "_lab_iterated")  # `list(x)` asks for the length between `iter` and the first element
        if not (own(self, "_lab_built") or (hint and hint.fresh)) and not (
            own(self, "_lab_shape") in _SHAPES and len(held_by(self)) == length
        ):
            decides(self, "`len`")
        return length

    def __iter__(self) -> Any:
        elements = _Elements(ask_of(self, "iter", self))
        object.__setattr__(self, "_lab_iterated", elements)
        return elements

    def __next__(self) -> Any:
        if own(self, "_lab_shape") == "coroutine":
            raise StopIteration(ask_of(self, "await", self))
        return ask_of(self, "next", self)

    def __contains__(self, item: Any) -> bool:
        if own(self, "_lab_shape") in _SHAPES and not isinstance(item, Handle):
            inside = item in held_by(self)
            if inside == ask_of(self, "contains", self, item):
                return inside
        if own(self, "_lab_shape") == "generator":
            return any(each is item or each == item for each in self)
        may_judge(self, item, "in")
        return ask_of(self, "contains", self, item) is True

    def __enter__(self) -> Any:
        return derived(ask_of(self, "enter", self), own(self, "_lab_built"))

    def __exit__(self, *error: Any) -> Any:
        return _left(self, "exit", error)

    def __aiter__(self) -> Any:
        return ask_of(self, "aiter", self)

    async def __anext__(self) -> Any:
        return ask_of(self, "anext", self)

    async def __aenter__(self) -> Any:
        return derived(ask_of(self, "aenter", self), own(self, "_lab_built"))

    async def __aexit__(self, *error: Any) -> Any:
        return _left(self, "aexit", error)

    def __repr__(self) -> str:
        return only(str, ask_of(self, "repr", self))

    def __str__(self) -> str:
        return only(str, ask_of(self, "str", self))

    def __format__(self, spec: str) -> str:
        return only(str, ask_of(self, "format", self, spec))


class _Awaited:
    """A task of the program, or another object that is no coroutine, as it is awaited."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle

    def __iter__(self) -> "_Awaited":
        return self

    def __next__(self) -> Any:
        raise StopIteration(ask_of(self.handle, "await", self.handle))


class _Elements:
    """An iterator over an object of the program: whatever `iter` gave there, one element a question."""

    def __init__(self, iterator: Any) -> None:
        self.iterator, self.fresh = iterator, True

    def __iter__(self) -> "_Elements":
        return self

    def __next__(self) -> Any:
        self.fresh = False
        return next(self.iterator)


PLAIN = (str, int, float, type(None))


def is_known(kind: type) -> bool:
    """Whether the program has this very class as well."""
    return (
        kind.__module__ == "builtins" or "_lab_id" in kind.__dict__ or (kind.__module__, kind.__name__) in KNOWN_CLASSES
    )


def _left(handle: Any, operation: str, error: tuple[Any, ...]) -> bool:
    """The end of a `with`; True where it takes the exception. A failed assertion is not the program's to take, nor told."""
    kind, raised = error[0], error[1]
    told: tuple[Any, ...] = ()
    if kind is not None and issubclass(kind, Exception) and not issubclass(kind, AssertionError):
        known = next(base for base in kind.__mro__ if is_known(base))
        told = (known, *[item for item in raised.args if isinstance(item, PLAIN)])
    if ask_of(handle, operation, handle, *told) is not True or not told:
        return False
    if not own(handle, "_lab_built") or not raised.__dict__.get("_lab_own"):
        decides(handle, "it swallows an exception")
    return True


OWN = dict.fromkeys(("_lab_method", "_lab_of", "_lab_shape", "_lab_class", "_lab_iterated"), None)
OWN |= {"_lab_built": False, "_lab_mixed": False}
"""What is known of a handle: the tests built it (or got it from one they built), it has met a plain value, it is the
method of this name, its class derives from this built-in type, is this class of Python's, it gave this iterator."""
_SHAPES = {kind.__name__: kind for kind in (list, dict, set, bytearray, collections.deque)}
"""Of these what an object holds is read as plain data and compared by the tests."""
_KINDS: dict[Any, type] = {
    **_SHAPES,
    **{"generator": types.GeneratorType, "coroutine": types.CoroutineType, "async_generator": types.AsyncGeneratorType},
}
TELLING = ("map", "zip", "filter", "enumerate", "reversed", "object", "Pattern", "Match", "partial")


def held_by(handle: Any) -> Any:
    """What an object derived from a list, dict or set holds, as plain data."""
    contents = ask_of(handle, "plain", handle)
    if isinstance(contents, Handle):
        raise TypeError("the program answered with an object where what it holds belongs")
    return contents


class Valued:
    """Plain data of a class of the program's (an IntEnum, a NamedTuple): compared as that data; what its class gives
    besides is asked. Of two one must be seen to hold what the tests wrote: else the program made both sides.
    """

    def __getattr__(self, name: str) -> Any:
        _refuse_protocols(name)
        return attribute_of(own(self, "_lab_built"), name, own(self, "_lab_session").ask("getattr", self, name))

    def __eq__(self, other: object) -> Any:
        shown = {own(self, "_lab_shown"), own(other, "_lab_shown")} if isinstance(other, Valued) else set()
        if self is not other and False in shown:
            own(self, "_lab_session").judge(f"both sides are the program's ({type(self).__name__[:100]})")
        said = own(self, "_lab_base").__eq__(self, other)
        if said is NotImplemented and not isinstance(other, Handle):
            return said  # what the tests compare it with, as `approx`, may know better
        return said is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return int(own(self, "_lab_base").__hash__(self))

    __copy__ = __deepcopy__ = lambda self, *_: self

    def _replace(self, **fields: Any) -> Any:
        return own(self, "_lab_base")(*tuple(self))._replace(**fields)


def valued(session: Any, number: int, kind: Any, shape: Any, base: Any) -> Any:
    stub = kind if isinstance(kind, HandleClass) else Handle
    made = type(stub.__name__, (Valued, shape), {"_lab_kind": stub, "__module__": "solution"})
    value = (tuple if tuple in shape.__mro__ else shape).__new__(made, base)
    told = {"_lab_session": session, "_lab_id": number, "_lab_base": shape, "_lab_built": False, "_lab_shown": None}
    for name, item in told.items():
        object.__setattr__(value, name, item)
    return value


def _shown(value: Any, shown: bool) -> Any:
    """The value as a class gave it that the tests called; `shown`: it holds what they called it with."""
    if own(value, "_lab_shown") and not shown:
        base = own(value, "_lab_base")
        plain = tuple(value) if issubclass(base, tuple) else base(value)
        value = valued(
            own(value, "_lab_session"), own(value, "_lab_id"), type(value).__dict__["_lab_kind"], base, plain
        )
    object.__setattr__(value, "_lab_shown", shown)
    return value


def is_made(value: Any) -> bool:
    """Whether the tests called its class for it."""
    made = own(value, "_lab_id") in own(value, "_lab_session").made
    return made or (isinstance(value, Valued) and own(value, "_lab_shown") is not None)


def own(handle: Any, name: str) -> Any:
    return object.__getattribute__(handle, name)


def ask_of(handle: Any, operation: str, *arguments: Any, **keywords: Any) -> Any:
    if not own(handle, "_lab_mixed"):
        return own(handle, "_lab_session").ask(operation, *arguments, **keywords)
    decides(handle, "it has met a plain value in arithmetic")
    answer = own(handle, "_lab_session").ask(operation, *arguments, **keywords)
    if isinstance(answer, Handle):
        object.__setattr__(answer, "_lab_mixed", True)
    return answer


def decides(handle: Any, how: str) -> None:
    own(handle, "_lab_session").judge(f"an object of the program ({type(handle).__name__[:100]}) decides: {how}")


def derived(value: Any, built: bool) -> Any:
    """What was given by an object that the tests built is meant to be an object, where they name its class. A function
    that gives back one that the tests built takes that from it.
    """
    if isinstance(value, Handle | Valued):
        kind = type(value).__dict__.get("_lab_kind", type(value))
        object.__setattr__(value, "_lab_built", built and kind.__dict__.get("_lab_named", False))
    return value


def attribute_of(built: bool, name: str, value: Any, of: Any = None) -> Any:
    """`value`, read under `name`; `built`: of an object that the tests built; `of`: that, if it is a class, or its number."""
    if isinstance(value, Handle):
        derived(value, built)
        object.__setattr__(value, "_lab_method", name)
        object.__setattr__(value, "_lab_of", of)
        if type(value) is Handle:  # a function or a method, of no class of the program's
            object.__setattr__(value, "_lab_built", built)
    return value


def _refuse_protocols(name: str) -> None:
    if name.startswith("_lab_") or (name.startswith("__") and name.endswith("__") and name not in _KNOWN_ATTRIBUTES):
        raise AttributeError(name)


def only(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"the program answered {type(value).__name__} where {kind.__name__} belongs")
    return value


def may_judge(handle: Any, other: Any, sign: str) -> None:
    decides(handle, f"`{sign}`")
    if not isinstance(other, Handle) and not own(handle, "_lab_built"):
        raise TypeError(f"'{sign}' between an object of the program ({type(handle).__name__}) and a plain value")
