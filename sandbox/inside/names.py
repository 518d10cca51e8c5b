"""What a name in a test script means: the script's own, the standard library's, pytest's, or the program's. Runs in the
container.
"""

import builtins
import contextlib
import functools
import importlib
import math
import re
import types
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sandbox.inside.crossing.both import same_under
from sandbox.inside.crossing.errors import ErrorClass
from sandbox.inside.handles import Handle, HandleClass, Valued
from sandbox.inside.stubs import Session
from sandbox.inside.testing.fixtures import Request, fixture
from sandbox.inside.testing.marks import Mark, Parameters, Skipped
from sandbox.inside.values.entrusted import expect
from sandbox.inside.wire import STANDARD_CLASSES, STANDARD_MODULES


class Names(dict[str, Any]):
    """The script's globals: what it does not define itself is asked of the program, afresh each time.

    Not asked: builtins, and what everyone takes for the standard library. A program that defines its own `abs`, `math`
    or `isclose` would otherwise judge itself. The entry point is the exception: it may be called `sum`.
    """

    def __init__(self, session: Session, entry_point: str | None) -> None:
        super().__init__(__name__="tests", __file__="tests.py", __builtins__=builtins)
        self.session, self.entry_point = session, entry_point

    def __missing__(self, name: str) -> Any:
        if name not in self.session.names or (hasattr(builtins, name) and name != self.entry_point):
            raise KeyError(name)
        if name in _REAL and name != self.entry_point:
            return _real(name)
        if name != self.entry_point and (name.lower().startswith("assert") or name in _COMPARERS):
            self.session.judge(f"the program says what {name!r} means")
        value = named(self.session, name)
        if name != self.entry_point and name in _MEASURES:
            return _agreeing(self.session, name, value)
        if name != self.entry_point and isinstance(value, Handle | HandleClass) and _is_standard(name):
            if name in STANDARD_MODULES or self.entry_point is not None:
                raise NameError(f"the program gives {name!r} a meaning of its own")
            self.session.judge(f"the program gives {name!r} a meaning of its own")
        return value


def named(session: Session, name: str) -> Any:
    """What the program defines under a name the tests use. A class they name with a capital is meant as a class."""
    known = len(session.handles)
    value = session.ask("get", name)
    same_under(session, session.globals, name, value, known)
    if type(value) is Handle and session.functions.setdefault(name, value) is not value:
        session.judge(f"the program puts another function under the name {name[:100]!r}")
    if isinstance(value, HandleClass | ErrorClass) and name[:1].isupper():
        type.__setattr__(value, "_lab_named", True)
    return value


def _settle(session: Any, members: dict[str, Any], read: Any, names: Any, of: str = "") -> None:
    """Read what stands under names that the tests use, before anything is called. Raises nothing of the program's. `of`:
    what stands before these names where they are a class's.
    """
    classes: dict[str, Any] = {}
    for name in names:
        try:
            value = read(name)
        except Exception:
            continue  # the test that reads it will say so
        if isinstance(value, HandleClass | ErrorClass):
            if any(value is other for other in classes.values()):
                session.judge(f"the program gives one class two names, {name[:100]!r} the second")
            classes[name] = value
        elif type(value) is Handle and not of:
            session.functions[name] = value
        elif not isinstance(value, Handle | Valued) and not callable(value):
            session.constants.setdefault(of + name, value)
        if isinstance(value, Valued) or (isinstance(value, Handle) and type(value) is not Handle):
            if any(value is other for other in members.values()):
                session.judge(f"the program gives one object two names, {name[:100]!r} the second")
            members[name] = value
    plain = [value for value in members.values() if isinstance(value, Valued)]
    for value in plain:
        object.__setattr__(value, "_lab_shown", False)
        if sum(object.__getattribute__(value, "_lab_base").__eq__(value, other) is True for other in plain) == 1:
            object.__setattr__(value, "_lab_shown", True)


def settle_names(session: Session, reads: dict[str, list[str]], bound: Names, loose: list[str]) -> None:
    """Read what the program has under the names that the tests use, before they call anything. `loose`: constants that the
    tests keep, hand on or put together before an answer is compared with them. Of one value, they say nothing of it.
    """
    said = dict.fromkeys([*reads, *reads.get("solution", ())])
    used = [name for name in said if name in session.names and name not in bound and not _is_standard(name)]
    _settle(session, session.globals, lambda name: session.ask("get", name), used)
    for name in used:
        value = session.ask("get", name) if name[:1].isupper() else None
        if isinstance(value, HandleClass):
            members: dict[str, Any] = {}
            asked = functools.partial(session.ask, "getattr", value)
            enum = any(kind.__dict__.get("_lab_real", ("",))[0] == "enum" for kind in value.__mro__)
            said = dict.fromkeys([*reads.get(name, ()), *(_members(session, value) if enum else ())])
            _settle(session, members, asked, said, f"{name}.")
            type.__setattr__(value, "_lab_members", members)
            if enum:
                type.__setattr__(value, "_lab_values", _values(session, value))
    _settle_loose(session, loose, used)
    session.calls = 0


def _settle_loose(session: Session, loose: list[str], used: list[str]) -> None:
    tables: dict[str, dict[str, Any]] = {}
    attributes = [name[1:] for name in loose if name[:1] == "."]
    for name in [name for name in loose if name[:1] != "."]:
        owner, last, key = re.fullmatch(r"(?:(\w+)\.)?(\w+)(?:\[(.*)\])?", name, re.DOTALL).groups("")  # type: ignore[union-attr]
        if (owner or last) not in used:
            continue
        stands = session.ask("get", owner or last)
        members: dict[str, Any] = session.globals
        if owner and isinstance(stands, HandleClass):
            with contextlib.suppress(Exception):  # the test that reads it will say so
                stands = session.ask("getattr", stands, last)
            members = session.ask("get", owner).__dict__["_lab_members"]
        if key and isinstance(stands, dict):
            stands = next((item for one, item in stands.items() if repr(one) == key), None)
            members, last = tables.setdefault(last, {}), key
        for attribute in attributes if isinstance(stands, Handle | Valued) else ():
            with contextlib.suppress(Exception):  # as above
                _known_by(session, tables.setdefault(f"{owner}.{attribute}", {}), name, getattr(stands, attribute))
        _known_by(session, members, last, stands)


def _known_by(session: Session, members: dict[str, Any], name: str, stands: Any) -> None:
    """This stands under a name of the program's, and the others under names beside it."""
    if type(stands) in (int, float, str, bytes):
        if any(type(stands) is type(other) and stands == other for other in members.values()):
            session.judge(f"the program gives two names one value, {name[:100]!r} is the second")
        members[name] = stands


def _members(session: Session, kind: HandleClass) -> list[str]:
    """The names of an enum's members."""
    try:
        names = [session.ask("getattr", item, "name") for item in kind if isinstance(item, Handle | Valued)]
        return [name for name in names if type(name) is str]
    except Exception:
        return []


def _values(session: Session, kind: HandleClass) -> dict[int, tuple[Any]]:
    """Of each member of an enum the value by which it can be had."""
    try:
        found = [item for item in kind if isinstance(item, Handle)]
        return {object.__getattribute__(item, "_lab_id"): (session.ask("getattr", item, "value"),) for item in found}
    except Exception:
        return {}


_REAL = {
    **{"np": "numpy", "numpy": "numpy", "pd": "pandas", "pandas": "pandas", "unittest": "unittest"},
    **{"randint": "random.randint", "randrange": "random.randrange", "uniform": "random.uniform"},
    **{"pytest": "pytest", "approx": "pytest.approx", "raises": "pytest.raises", "isclose": "math.isclose"},
}
"""Names that a script may use without an import, because the program imports them, and what they mean then."""
_COMPARERS = frozenset(("allclose", "array_equal", "array_equiv", "almost_equal", "is_close", "equal", "testing"))


def _real(name: str) -> Any:
    module, _, attribute = _REAL[name].partition(".")
    try:
        found = importlib.import_module(module)
    except ImportError:
        raise NameError(f"name {name!r} is not defined") from None
    return getattr(found, attribute) if attribute else found


_MEASURES = {
    name: "math" for name in dir(math) if len(name) > 1 and name[0] != "_" and name not in ("remainder", "fmod")
}
_MEASURES |= {"deepcopy": "copy", "reduce": "functools", "accumulate": "itertools"}
_MEASURES |= dict.fromkeys(("mean", "median", "fmean"), "statistics")
_MEASURES |= dict.fromkeys(
    ("ascii_letters", "ascii_lowercase", "ascii_uppercase", "hexdigits", "punctuation"), "string"
)
"""Functions with which tests make what they expect, and the modules that have them."""


def _agreeing(session: Session, name: str, theirs: Any) -> Any:
    """What the program has under a name of `math` and others: mostly the real one, or its own that a test is about. What
    it says may be no measure for its other answers, so where it says otherwise than the real one it judges.
    """
    real = getattr(importlib.import_module(_MEASURES[name]), name)

    def compare(said: Any, meant: Any) -> Any:
        if name == "accumulate":
            said, meant = list(said), list(meant)
        same = bool(said == meant)
        if not same and isinstance(said, int | float) and isinstance(meant, int | float):
            with contextlib.suppress(OverflowError):  # an int that no float holds is equal, or another
                same = math.isclose(said, meant) or meant != meant != said
        if not same:
            session.judge(f"the program gives {name!r} a meaning of its own")
        return said

    if not callable(real):
        return compare(theirs, real)

    def both(*arguments: Any, **keywords: Any) -> Any:
        if any(isinstance(item, Handle) and name == "deepcopy" for item in arguments):
            return theirs(*arguments, **keywords)
        try:
            meant = real(*arguments, **keywords)
        except Exception:
            return theirs(*arguments, **keywords)
        return compare(theirs(*arguments, **keywords), meant)

    return both if isinstance(theirs, Handle) else theirs


_STANDARD_NAMES = frozenset(name for _, name in STANDARD_CLASSES)


def solution_module(names: Names) -> types.ModuleType:
    """`from solution import f` in a test script gives the same stubs as using `f` bare; so does the star, which takes
    nothing from the script that it has already.
    """
    session = names.session

    class Module(types.ModuleType):
        @property
        def __dict__(self) -> Any:  # type: ignore[override]
            return looked_through(super().__dict__)

    def looked_through(names: Any = ()) -> Any:
        session.judge("it looks through all that the program has, of which it is told nothing")
        return names

    module = Module("solution")

    def attribute(name: str) -> Any:
        if name == "__all__":
            asked = [name for name in session.names if name == names.entry_point or not _is_standard(name)]
            return sorted(name for name in asked if not name.startswith("_") and name not in names)
        if name in session.names:
            value = named(session, name)
            meant = name in _MEASURES and name != names.entry_point
            return _agreeing(session, name, value) if meant else value
        raise AttributeError(f"the program does not define {name!r}")

    module.__getattr__, module.__dir__ = attribute, looked_through  # type: ignore[method-assign]
    return module


def _is_standard(name: str) -> bool:
    return hasattr(builtins, name) or name in STANDARD_MODULES or name in _STANDARD_NAMES or name in _REAL


def pytest_module(session: Session) -> types.ModuleType:
    """The part of pytest that generated tests use (`raises`, `approx`, `fixture`, `mark.parametrize`, `param`, `fail`,
    `skip`), for a container that has no pytest.
    """
    made = types.ModuleType("pytest")
    raises = type("raises", (_Raises,), {"session": session})
    made.__dict__.update(raises=raises, approx=_Approx, fail=_fail, skip=_skip, fixture=fixture, mark=Mark())
    made.__dict__.update(param=Parameters, FixtureRequest=Request)
    return made


class _Raises:
    """`with pytest.raises(E, match=pattern):` or `pytest.raises(E, function, *arguments)`."""

    session: Any = None

    def __init__(self, kinds: Any, *call: Any, match: str | None = None, **keywords: Any) -> None:
        self.kinds, self.pattern = kinds, match
        self.value: BaseException | None = None
        self.type: type[BaseException] | None = None
        if call:
            with self:
                call[0](*call[1:], **keywords)

    def __enter__(self) -> "_Raises":
        expect(self.session, (self.kinds,))  # which may have been made long before
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> bool:
        if kind is None:
            raise AssertionError(f"did not raise {self.kinds}")
        if not issubclass(kind, self.kinds):
            return False
        self.value, self.type = error, kind
        if self.pattern is not None:
            self.match(self.pattern)
        return True

    def match(self, pattern: str) -> bool:
        if not re.search(pattern, str(self.value)):
            raise AssertionError(f"{str(self.value)!r} does not match {pattern!r}")
        return True


class _Approx:
    """Equal to a number, or to a sequence or mapping of numbers, within a tolerance."""

    __array_ufunc__ = None
    """An array is compared here, not element by element with this."""

    def __init__(self, expected: Any, rel: float | None = None, abs: float | None = None, nan_ok: bool = False) -> None:
        self.expected, self.nan_ok = expected, nan_ok
        self.abs = 1e-12 if abs is None else abs
        self.rel = (1e-6 if abs is None else 0.0) if rel is None else rel

    def __eq__(self, other: object) -> bool:
        return self._close(_listed(self.expected), _listed(other))

    def __repr__(self) -> str:
        return f"approx({self.expected!r})"

    def _close(self, expected: Any, got: Any) -> bool:
        if isinstance(expected, dict):
            same = isinstance(got, dict) and expected.keys() == got.keys()
            return same and all(self._close(expected[key], got[key]) for key in expected)
        if isinstance(expected, list | tuple):
            same = isinstance(got, list | tuple) and len(got) == len(expected)
            return same and all(self._close(a, b) for a, b in zip(expected, got, strict=True))
        exact = type(got) if type(got) in (Fraction, Decimal) else None
        if exact is not None and isinstance(expected, exact):
            near = max(exact(str(self.abs)), exact(str(self.rel)) * abs(expected))
            return bool(expected == got or (abs(expected) != math.inf and abs(expected - got) <= near))
        got = float(got) if isinstance(got, Fraction) else got
        if not isinstance(got, int | float | complex) or not isinstance(expected, int | float | complex):
            return bool(expected == got)
        if expected != expected:
            return self.nan_ok and got != got
        if expected == got or abs(expected) == math.inf:
            return expected == got
        return abs(expected - got) <= max(self.abs, self.rel * abs(expected))


def _listed(value: Any) -> Any:
    """An array of numpy, or a number of it, as the list or number it holds."""
    return value.tolist() if type(value).__module__ == "numpy" and hasattr(value, "tolist") else value


def _fail(reason: str = "") -> None:
    raise AssertionError(reason)


def _skip(reason: str = "", **_: Any) -> None:
    raise Skipped(reason)
