"""Values between the test driver and the program, by value and by exact base type: never code, never pickle.

Plain values (numbers, strings, containers, a few standard types) cross as tagged JSON. A subclass crosses as the base
value it holds, so an `int` with its own `__eq__` is compared as an `int`; from the program with a reference beside it,
so that the tests can ask what else its class gives. Anything else is handed to `export`, which turns it into an opaque
reference; so is a list, dict or set of a class of the program's, which would change unseen. Mutable containers are numbered in the order of first visit so that aliases and cycles
survive.
"""

import base64
import binascii
import collections
import datetime
import decimal
import fractions
import functools
import importlib
import math
import sys
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.inside.values.arrays import array, is_coarse, is_large, is_short
from sandbox.inside.values.contents import already, kin
from sandbox.inside.values.moments import VIEWS, moment, view
from sandbox.inside.wire import STANDARD_ENUMS, STANDARD_RECORDS

MAX_DEPTH = 200
_JSON_INT = 1 << 62


class CodecError(Exception):
    """A value that cannot cross (too deep), or bytes from the far side that are no encoding of a value."""


class Encoder:
    """Encodes values of one message. `containers` numbers the mutable containers seen; `export` encodes what is not
    plain; `refers`: a value of a class that is not the standard library's crosses with a reference to it.
    """

    def __init__(
        self, export: Callable[[Any], list[Any]], containers: Iterable[Any] = (), refers: bool = False
    ) -> None:
        self.export = export
        self.refers = refers
        self.containers: list[Any] = list(containers)
        self.originals: dict[int, Any] = {}
        """By number the containers of a subclass, of which a copy crosses."""
        self._index = {id(container): n for n, container in enumerate(self.containers)}

    def encode(self, value: Any, depth: int = 0) -> Any:
        """The JSON form of `value`. Raises CodecError past MAX_DEPTH levels."""
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return value
        if kind is int:
            return value if -_JSON_INT < value < _JSON_INT else ["i", hex(value)]
        if kind is float:
            return value if math.isfinite(value) else ["f", repr(value)]
        if depth > MAX_DEPTH:
            raise CodecError(f"a value nested more than {MAX_DEPTH} levels deep")
        if kind in _MUTABLE:
            return self._container(value, kind, depth)
        if kind is tuple:
            return ["t", *[self.encode(item, depth + 1) for item in value]]
        return self._rare(value, kind, depth)

    def contents(self, container: Any) -> list[Any]:
        """The tag and items of a container that already has a number: what it holds now."""
        return self._items(container, type(container), 0)

    def _container(self, value: Any, kind: type, depth: int) -> list[Any]:
        known = self._index.get(id(value))
        if known is not None:
            return ["r", known]
        self._index[id(value)] = len(self.containers)
        self.containers.append(value)
        return self._items(value, kind, depth)

    def _items(self, value: Any, kind: type, depth: int) -> list[Any]:
        if kind is bytearray:
            return ["Y", base64.b64encode(value).decode("ascii")]
        if kind not in _MUTABLE:
            return self._numbers(value, list(value.shape))
        tag = _MUTABLE[kind]
        if tag in _PAIRS:
            flat = [self.encode(part, depth + 1) for pair in list(value.items()) for part in pair]
            return [tag, self.encode(value.default_factory, depth + 1), *flat] if tag == "F" else [tag, *flat]
        items = [self.encode(item, depth + 1) for item in list(value)]
        return [tag, value.maxlen, *items] if kind is collections.deque else [tag, *items]

    @staticmethod
    def _numbers(value: Any, shape: list[int] | None) -> list[Any]:
        return ["N", value.dtype.str, shape, base64.b64encode(value.tobytes()).decode("ascii")]

    def _rare(self, value: Any, kind: type, depth: int) -> Any:
        if isinstance(value, type):
            return self.export(value)
        if kind is frozenset:
            return ["z", *[self.encode(item, depth + 1) for item in value]]
        if kind is bytes:
            return ["y", base64.b64encode(value).decode("ascii")]
        if kind is complex:
            return ["c", self.encode(value.real), self.encode(value.imag)]
        if kind is range:
            return ["R", self.encode(value.start), self.encode(value.stop), self.encode(value.step)]
        if kind is slice:
            return ["S", *[self.encode(part, depth + 1) for part in (value.start, value.stop, value.step)]]
        if value is Ellipsis:
            return ["e"]
        if kind is decimal.Decimal:
            return ["x", str(value)]
        if kind is fractions.Fraction:
            return ["/", self.encode(value.numerator), self.encode(value.denominator)]
        if kind in (datetime.date, datetime.datetime, datetime.time):
            zone = getattr(value, "tzinfo", None)
            if zone is not None and type(zone).__module__ == "zoneinfo" and type(zone.key) is str:
                return ["T", kind.__name__, value.replace(tzinfo=None).isoformat(), zone.key, value.fold]
            return ["T", kind.__name__, value.isoformat()]
        if kind is datetime.timedelta:
            return ["T", "timedelta", [value.days, value.seconds, value.microseconds]]
        if kind in VIEWS:
            return ["V", kind.__name__, *[self.encode(item, depth + 1) for item in list(value)]]
        module = type.__getattribute__(kind, "__module__")
        if module == "pathlib" and kind.__name__ in _PATHS:
            return ["P", kind.__name__, str(value)]
        if module == "uuid" and kind is sys.modules["uuid"].UUID:
            return ["P", "UUID", str(value)]
        numpy = sys.modules.get("numpy")  # where it is not loaded, no value is of its types
        if numpy is not None and module == "numpy":
            single = numpy.generic in kind.__mro__
            if (single or kind is numpy.ndarray) and value.dtype.kind in "biufc":
                return self._numbers(value, None) if single else self._container(value, kind, depth)
            if kind is numpy.str_:
                return ["N", "U", None, str.__str__(value)]
        if (module, kind.__name__) in STANDARD_ENUMS and kind is getattr(sys.modules.get(module), kind.__name__, None):
            return ["E", module, kind.__name__, self.encode(value.value)]
        if "_lab_kind" in type.__getattribute__(kind, "__dict__"):
            return self.export(value)
        mro = type.__getattribute__(kind, "__mro__")
        whole = not self.refers or not _PLAIN.intersection(mro)
        if whole or (is_standard(kind) and (_MANY.intersection(mro) or hasattr(kind, "_fields"))):
            return self._subclass(value, kind, depth)
        if _CHANGING.intersection(mro):
            return [*self.export(value), next(base.__name__ for base in mro if base in _CHANGING)]
        return ["v", self.export(value), self._subclass(value, kind, depth)]

    def _subclass(self, value: Any, kind: type, depth: int) -> Any:
        """A subclass of a plain type crosses as the base value it holds, read with the base type's own methods."""
        mro = type.__getattribute__(kind, "__mro__")
        if int in mro:
            return self.encode(int.__index__(value), depth)
        if float in mro:
            return self.encode(float.__float__(value), depth)
        if str in mro:
            return str.__str__(value)
        if bytes in mro:
            return self.encode(bytes.__getitem__(value, slice(None)), depth)
        if tuple in mro:
            items = [self.encode(item, depth + 1) for item in tuple.__iter__(value)]
            name = type.__getattribute__(kind, "__module__"), kind.__name__
            if name in STANDARD_RECORDS and kind is getattr(sys.modules.get(name[0]), name[1], None):
                return ["W", *name, *items]
            fields = getattr(kind, "_fields", None)
            if type(fields) is tuple and len(fields) == len(items) and all(type(f) is str for f in fields):
                return ["n", kind.__name__, list(fields), *items]
            return ["t", *items]
        mappings: tuple[type[dict[Any, Any]], ...] = (
            collections.Counter,
            collections.OrderedDict,
            collections.defaultdict,
            dict,
        )
        for base in mappings:
            if base in mro:
                self.originals[len(self.containers)] = value
                self.containers.append(dict(base.items(value)))  # the decoder numbers it: what it holds is a copy
                flat = [self.encode(part, depth + 1) for pair in list(base.items(value)) for part in pair]
                return ["d" if base is collections.defaultdict else _MUTABLE[base], *flat]
        if list in mro:
            self.originals[len(self.containers)] = value
            self.containers.append(list(list.__iter__(value)))
            return ["l", *[self.encode(item, depth + 1) for item in list.__iter__(value)]]
        if set in mro:
            self.containers.append(set(set.__iter__(value)))
            return ["s", *[self.encode(item, depth + 1) for item in set.__iter__(value)]]
        if frozenset in mro:
            return ["z", *[self.encode(item, depth + 1) for item in frozenset.__iter__(value)]]
        return self.export(value)


class Decoder:
    """Decodes values of one message. `containers` are numbered as the encoder numbered them; `resolve` reads
    references. `again`: which container holds what the n-th new one does: it itself, or one that came before.
    """

    def __init__(
        self,
        resolve: Callable[[list[Any]], Any],
        containers: Iterable[Any] = (),
        again: Callable[[int, Any], Any] | None = None,
    ) -> None:
        self.resolve = resolve
        self.again = again
        self.containers: list[Any] = list(containers)
        self.first = len(self.containers)
        self.coarse = self.no_number = self.of_few_bits = self.large = self.of_few_digits = False
        """Whether there was a number in it that equals others (float16 and its kin), a NaN, a whole number of numpy's, and one
        so large that it equals others beside it, and one of fewer digits than those it equals."""

    def decode(self, data: Any, depth: int = 0) -> Any:
        """The value of a JSON form. Raises CodecError for whatever is not an encoding."""
        if type(data) is not list:
            if data is None or type(data) in (bool, str, int, float):
                self.no_number = self.no_number or data != data
                return data
            raise CodecError("not an encoded value")
        if not data or type(data[0]) is not str or depth > MAX_DEPTH + 1:
            raise CodecError("not an encoded value")
        try:
            return self._tagged(data[0], data, depth)
        except (ValueError, TypeError, IndexError, ArithmeticError, binascii.Error) as error:
            raise CodecError(f"not an encoded value: {type(error).__name__}") from None

    def refill(self, container: Any, data: Any) -> None:
        """Give `container` the contents in `data`, in place. Raises CodecError where `data` is of another type."""
        kind = type(container)
        if type(data) is not list or not data or data[0] != _MUTABLE.get(kind, "N"):
            raise CodecError("contents of another type")
        if data[0] == "N":
            new = array(_text(data[1]), data[2] or [], base64.b64decode(_text(data[3]), validate=True))
            if not kin(container, new):
                raise CodecError("contents of another type")
            container[...] = new
            return
        if kind is bytearray:
            container[:] = base64.b64decode(data[1], validate=True)
            return
        items = [self.decode(item, 1) for item in (data[2:] if data[0] in _NOTED else data[1:])]
        if already(container, items):
            return
        try:
            container.clear()
            self._fill(container, items)
        except TypeError as error:
            raise CodecError(str(error)) from None

    def _tagged(self, tag: str, data: list[Any], depth: int) -> Any:
        if tag in _CONTAINER_OF:
            return self._container(tag, data, depth)
        if tag == "t":
            return tuple([self.decode(item, depth + 1) for item in data[1:]])
        if tag == "r":
            if type(data[1]) is not int or data[1] < 0:
                raise CodecError("a reference to nothing")
            return self.containers[data[1]]
        if tag == "i":
            return int(_text(data[1]), 16)
        if tag == "f":
            return self.decode(float({"nan": "nan", "inf": "inf", "-inf": "-inf"}[_text(data[1])]))
        if tag == "z":
            return frozenset([self.decode(item, depth + 1) for item in data[1:]])
        if tag == "y":
            return base64.b64decode(_text(data[1]), validate=True)
        if tag == "c":
            return complex(self.decode(data[1]), self.decode(data[2]))
        if tag in ("R", "S"):
            return {"R": range, "S": slice}[tag](*[self.decode(part, depth + 1) for part in data[1:4]])
        if tag == "e":
            return ...
        if tag == "x":
            number = decimal.Decimal(_text(data[1]))
            self.no_number = self.no_number or number.is_nan()
            return number
        if tag == "/":
            return fractions.Fraction(self.decode(data[1]), self.decode(data[2]))
        if tag == "T":
            at = moment(_text(data[1]), data[2])
            if len(data) == 3:
                return at
            zone = importlib.import_module("zoneinfo").ZoneInfo(_text(data[3]))
            return at.replace(tzinfo=zone, fold=int(data[4]))
        if tag == "V":
            return view(_text(data[1]), [self.decode(item, depth + 1) for item in data[2:]])
        if tag == "P" and data[1] in (*_PATHS, "UUID"):
            module = importlib.import_module("uuid" if data[1] == "UUID" else "pathlib")
            return getattr(module, data[1])(_text(data[2]))
        if tag == "E" and (data[1], data[2]) in STANDARD_ENUMS:
            return getattr(importlib.import_module(data[1]), data[2])(self.decode(data[3]))
        if tag == "N" and data[1] == "U":
            return importlib.import_module("numpy").str_(_text(data[3]))
        if tag == "N":
            return self._numbers(data)
        if tag == "v":
            return self.resolve(["v", data[1], self.decode(data[2], depth + 1)])
        if tag == "W" and (data[1], data[2]) in STANDARD_RECORDS:
            items = [item if type(item) in (int, float, bytes) else _text(item) for item in map(self.decode, data[3:])]
            return getattr(importlib.import_module(data[1]), data[2])(*items)
        if tag == "n":
            items = [self.decode(item, depth + 1) for item in data[3:]]
            if any(callable(item) for item in items):  # its fields would stand for methods
                return tuple(items)
            return _record_type(_text(data[1]), tuple(_text(name) for name in data[2]))(*items)
        return self.resolve(data)

    def _numbers(self, data: list[Any]) -> Any:
        new = array(_text(data[1]), data[2], base64.b64decode(_text(data[3]), validate=True))
        self.coarse = self.coarse or is_coarse(new)
        self.no_number = self.no_number or bool((new != new).any())
        self.large = self.large or is_large(new)
        self.of_few_digits = self.of_few_digits or is_short(new)
        self.of_few_bits = self.of_few_bits or new.dtype.kind in "iu"
        if data[2] is None:
            return new
        known = new if self.again is None else self.again(len(self.containers) - self.first, new)
        self.containers.append(known)
        if known is not new:
            known[...] = new
        return known

    def _container(self, tag: str, data: list[Any], depth: int) -> Any:
        if tag == "Y":
            new: Any = bytearray(base64.b64decode(_text(data[1]), validate=True))
            container = new if self.again is None else self.again(len(self.containers) - self.first, new)
            container[:] = new
            self.containers.append(container)
            return container
        if tag == "F":
            factory = self.decode(data[1], depth + 1)
            if factory is not None and not callable(factory):
                raise CodecError("a factory that cannot be called")
            new = collections.defaultdict(factory)
        else:
            new = collections.deque(maxlen=data[1]) if tag == "q" else _CONTAINER_OF[tag]()
        container = new if self.again is None else self.again(len(self.containers) - self.first, new)
        self.containers.append(container)
        items = [self.decode(item, depth + 1) for item in (data[2:] if tag in _NOTED else data[1:])]
        if container is not new:
            if tag == "F":
                container.default_factory = new.default_factory
            if already(container, items):
                return container
            container.clear()
        self._fill(container, items)
        return container

    @staticmethod
    def _fill(container: Any, items: list[Any]) -> None:
        if isinstance(container, dict):
            for key, value in zip(items[::2], items[1::2], strict=True):
                container[key] = value
        elif isinstance(container, set):
            container.update(items)
        else:
            container.extend(items)


@functools.lru_cache(maxsize=256)
def _record_type(name: str, fields: tuple[str, ...]) -> Any:
    return collections.namedtuple(name, fields)  # it refuses names that are no identifiers


def _text(value: Any) -> str:
    if type(value) is not str:
        raise CodecError("not an encoded value")
    return value


_PATHS = ("PurePath", "PurePosixPath", "PosixPath")
_MUTABLE: dict[type, str] = {
    list: "l",
    dict: "d",
    set: "s",
    bytearray: "Y",
    collections.deque: "q",
    collections.Counter: "C",
    collections.OrderedDict: "O",
    collections.defaultdict: "F",
}
_CONTAINER_OF: dict[str, type] = {tag: kind for kind, tag in _MUTABLE.items()}
_PAIRS = frozenset("dCOF")
_NOTED = frozenset("qF")
"""Those that hold something before their items: a deque its length, a defaultdict its factory."""
_CHANGING = frozenset((list, dict, set, bytearray, collections.deque))
_PLAIN = _CHANGING | {int, float, str, bytes, tuple, frozenset}
_MANY = _CHANGING | {frozenset}


def holds(value: Any) -> Any:
    """What an object of a subclass of a changing type holds, as that type, by that type's own methods."""
    mro = type.__getattribute__(type(value), "__mro__")
    base = next(base for base in mro if base in _CHANGING)
    return dict(dict.items(value)) if base is dict else base(base.__iter__(value))


def shows(value: Any, base: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
    """Whether a value is what its class was called with: its one argument, or its fields those given."""
    if issubclass(base, tuple):
        held = tuple(value)
        whole = len(arguments) == 1 and not keywords and isinstance(arguments[0], list | tuple)
        if whole and held == tuple(arguments[0]):
            return True
        fields = getattr(base, "_fields", ())
        named = all(name in fields and held[fields.index(name)] == item for name, item in keywords.items())
        return bool(named and held[: len(arguments)] == arguments)
    return len(arguments) == 1 and not keywords and base.__eq__(value, arguments[0]) is True


def is_standard(kind: type) -> bool:
    """Whether a class is of the standard library or numpy: then it crosses as the plain value it holds."""
    module = str(type.__getattribute__(kind, "__module__")).partition(".")[0]
    return module in sys.stdlib_module_names or module == "numpy"
