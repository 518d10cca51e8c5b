"""What the program gives as one thing where the tests may mean several: constants of one value, and one object for several
arguments. Where it is to be seen what that decides, the tests are given several. Runs in the container, in the tests' own
process.
"""

from typing import Any

from sandbox.inside.handles import OWN, HandleClass, own

_CONSTANTS = (bool, int, float, str, bytes)


class Alike:
    """`seen`: whether two names of one owner, a class or the module, gave one value. With `apart` the second is told apart: what
    it stands for has another value, which the program never sees.
    """

    def __init__(self) -> None:
        self.seen = self.apart = False
        self.read: dict[Any, dict[str, Any]] = {}
        """By owner and name what the tests read."""
        self.meant: dict[Any, Any] = {}
        """Of each value that was made up the one it stands for."""

    def named(self, operation: str, asked: tuple[Any, ...], value: Any) -> Any:
        """What stands under a name of the program's, as the tests are to see it."""
        owner = "" if operation == "get" else None
        if operation == "getattr" and isinstance(asked[0], HandleClass):
            owner = asked[0].__dict__.get("_lab_id")
        name = asked[-1]
        if owner is None or type(name) is not str:
            return value
        if operation == "get" and type(value) is dict and name.isupper():
            told = {key: self._told(name, repr(key), item) for key, item in value.items()}
            return told if self.apart else value
        return self._told(owner, name, value)

    def _told(self, owner: Any, name: str, value: Any) -> Any:
        if type(value) not in _CONSTANTS:
            return value
        known = self.read.setdefault(owner, {})
        known[name] = value
        first = next((other for other, one in known.items() if type(one) is type(value) and one == value), name)
        if first == name:
            return value
        self.seen = True
        return self._other(f"{owner}.{name}", value) if self.apart else value

    def _other(self, name: str, value: Any) -> Any:
        """A value that is equal to no other, and as true as this one."""
        number = (1 << 61) + sum(at * ord(letter) for at, letter in enumerate(name, 1))
        kind: Any = type(value)
        if not value:
            made: Any = "" if kind is not str else b""
        elif kind in (int, bool):
            made = number
        else:
            made = float(number) if kind is float else f"\0{name}" if kind is str else str(number).encode()
        self.meant[made] = value
        return made

    def given(self, value: Any) -> Any:
        """What the program is given where the tests give one of these values."""
        kind = type(value)
        if kind is tuple and self.meant:
            return tuple(map(self.given, value))
        return self.meant.get(value, value) if kind in (int, float, str, bytes) and self.meant else value


def twin(handle: Any) -> Any:
    """The same object of the program's, as another to the tests."""
    made: Any = object.__new__(type(handle))
    for name in (*OWN, "_lab_session", "_lab_id", "_lab_shape", "_lab_serial", "_lab_class", "_lab_built"):
        object.__setattr__(made, name, own(handle, name))
    return made
