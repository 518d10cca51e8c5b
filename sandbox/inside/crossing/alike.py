"""What the program gives as one thing where the tests may mean several: constants of one value, and one object for several
arguments. Where it is to be seen what that decides, the tests are given several. Runs in the container, in the tests' own
process.
"""

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbox.inside.handles import OWN, Handle, HandleClass, Valued, own
from sandbox.inside.values.arrays import is_array

_NUMBERS = (bool, int, float, complex, Decimal, Fraction)
_DATES = (datetime.date, datetime.datetime, datetime.timedelta)
_CONSTANTS = (*_NUMBERS, *_DATES, str, bytes, tuple)


class Alike:
    """`seen`: whether two names of one owner, a class or the module, gave one value, or one name another value than before. With
    `apart` the second is told apart: what it stands for has another value, which the program never sees.
    """

    def __init__(self, judge: Callable[[str], None]) -> None:
        self.judge = judge
        self.seen = self.apart = False
        self.read: dict[Any, dict[Any, Any]] = {}
        """By owner and name what the tests read."""
        self.before: dict[tuple[Any, str], Any] = {}
        """By owner and name what they read there first, which with `apart` is what they read again."""
        self.meant: dict[Any, Any] = {}
        """Of each value that was made up the one it stands for."""

    def named(self, operation: str, asked: tuple[Any, ...], value: Any) -> Any:
        """What stands under a name of the program's, as the tests are to see it."""
        owner = "" if operation == "get" else None
        name = asked[-1]
        if operation == "getattr" and isinstance(asked[0], HandleClass):
            owner = asked[0].__dict__.get("_lab_id")
        elif operation == "getattr" and isinstance(asked[0], Handle) and str(name).isupper():
            owner = type(asked[0]).__dict__.get("_lab_id")  # as that of its class
        elif operation == "getattr" and name in ("name", "value") and isinstance(asked[0], Handle | Valued):
            self._of_member(asked[0], name, value)
        if owner is None or type(name) is not str or name.startswith("__"):
            return value
        if operation == "get" and type(value) is dict and name.isupper():
            told = {key: self._told(name, repr(key), item) for key, item in value.items()}
            return told if self.apart else value
        return self._told(owner, name, value)

    def _of_member(self, member: Any, name: str, value: Any) -> None:
        """No two members of an enum have one name or value, whatever computes it."""
        kind = type(member).__dict__.get("_lab_kind", type(member))
        if _is_constant(value) and any(base.__name__.endswith(("Enum", "Flag")) for base in kind.__mro__):
            known = self.read.setdefault((kind.__dict__.get("_lab_id"), name), {})
            if any(one != own(member, "_lab_id") and is_equal(other, value) for one, other in known.items()):
                self.judge(f"the program gives two members of an enum one {name}")
            known[own(member, "_lab_id")] = value

    def _told(self, owner: Any, name: str, value: Any) -> Any:
        if not _is_constant(as_plain(value)) or (value is None and not name.isupper()):
            return value
        known = self.read.setdefault(owner, {})
        before = self.before.setdefault((owner, name), value)
        if name.isupper() and not is_equal(before, value):  # `SCALE` is another since a call
            self.seen = True
            value = before if self.apart else value
        known[name] = value
        first = next((other for other, one in known.items() if is_equal(one, value)), name)
        if first == name:
            return value
        self.seen = True
        return self._other(f"{owner}.{name}", value) if self.apart else value

    def _other(self, name: str, value: Any) -> Any:
        """A value that is equal to no other, and as true as this one."""
        number = (1 << 61) + sum(at * ord(letter) for at, letter in enumerate(name, 1))
        value = as_plain(value)
        kind: Any = type(value)
        if not value:
            made: Any = range(0) if value is None or kind is tuple else "" if kind is not str else b""
        elif kind is tuple:
            made = (number, *value[1:])
        elif kind in _DATES:
            made = value + datetime.timedelta(days=number % 1000 + 1)
        elif kind is str:
            made = f"\0{name}"
        else:
            made = str(number).encode() if kind is bytes else number if kind is bool else kind(number)
        self.meant[made] = value
        return made

    def given(self, value: Any) -> Any:
        """What the program is given where the tests give one of these values."""
        kind = type(value)
        if not self.meant or kind not in (*_CONSTANTS, range):
            return value
        if kind is tuple:
            parts = tuple(map(self.given, value))
            return next((meant for made, meant in self.meant.items() if made == value), parts)
        return self.meant.get(value, value)


def is_equal(one: Any, value: Any) -> bool:
    """Whether two constants are one to whatever compares with them, of whatever kinds they are: `{1}` and `frozenset([1])`."""
    try:
        return bool(as_plain(one) == as_plain(value))
    except Exception:  # an array
        return type(one) is type(value) and repr(one) == repr(value)


def as_plain(value: Any) -> Any:
    """The plain data that a value of a class of the program's is to whatever compares with it."""
    if isinstance(value, Valued):
        base = own(value, "_lab_base")
        if issubclass(base, tuple):
            return (*value,)
        return str.__str__(value) if base is str else base(value)  # `str(value)` would ask the program
    return value


def _is_constant(value: Any) -> bool:
    of_numpy = type(value).__module__ == "numpy" and not is_array(value)
    return (
        value is None
        or of_numpy
        or (type(value) in _CONSTANTS and (type(value) is not tuple or all(map(_is_constant, value))))
    )


def twin(handle: Any) -> Any:
    """The same object of the program's, as another to the tests."""
    made: Any = object.__new__(type(handle))
    for name in (*OWN, "_lab_session", "_lab_id", "_lab_shape", "_lab_serial", "_lab_class", "_lab_built"):
        object.__setattr__(made, name, own(handle, name))
    return made
