"""What a name in a test script means: the script's own, the standard library's, pytest's, or the program's. Runs in the
container.
"""

import builtins
import importlib
import re
import types
from collections.abc import Callable, Sequence
from typing import Any

from sandbox.inside.handles import Handle, HandleClass
from sandbox.inside.runner import STANDARD_CLASSES, STANDARD_MODULES
from sandbox.inside.stubs import Session


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
        if name != self.entry_point and isinstance(value, Handle | HandleClass) and _is_standard(name):
            if name in STANDARD_MODULES or self.entry_point is not None:
                raise NameError(f"the program gives {name!r} a meaning of its own")
            self.session.judge(f"the program gives {name!r} a meaning of its own")
        return value


def named(session: Session, name: str) -> Any:
    """What the program defines under a name the tests use. A class they name with a capital is meant as a class."""
    value = session.ask("get", name)
    if isinstance(value, HandleClass) and name[:1].isupper():
        type.__setattr__(value, "_lab_named", True)
    return value


_REAL = {
    **{"np": "numpy", "numpy": "numpy", "pd": "pandas", "pandas": "pandas", "unittest": "unittest"},
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


_STANDARD_NAMES = frozenset(name for _, name in STANDARD_CLASSES)


def solution_module(names: Names) -> types.ModuleType:
    """`from solution import f` in a test script gives the same stubs as using `f` bare; so does the star."""
    module = types.ModuleType("solution")
    session = names.session
    asked = [name for name in session.names if name == names.entry_point or not _is_standard(name)]
    module.__dict__["__all__"] = sorted(name for name in asked if not name.startswith("_"))

    def attribute(name: str) -> Any:
        if name in session.names:
            return named(session, name)
        raise AttributeError(f"the program does not define {name!r}")

    module.__dict__["__getattr__"] = attribute
    return module


def _is_standard(name: str) -> bool:
    return hasattr(builtins, name) or name in STANDARD_MODULES or name in _STANDARD_NAMES or name in _REAL


def pytest_module() -> types.ModuleType:
    """The part of pytest that generated tests use (`raises`, `approx`, `mark.parametrize`, `fail`), for a container that
    has no pytest.
    """
    made = types.ModuleType("pytest")
    mark = types.SimpleNamespace(parametrize=_parametrize)
    made.__dict__.update(raises=_Raises, approx=_Approx, mark=mark, fail=_fail)
    return made


class _Raises:
    """`with pytest.raises(E, match=pattern):` or `pytest.raises(E, function, *arguments)`."""

    def __init__(self, kinds: Any, *call: Any, match: str | None = None, **keywords: Any) -> None:
        self.kinds, self.match = kinds, match
        self.value: BaseException | None = None
        if call:
            with self:
                call[0](*call[1:], **keywords)

    def __enter__(self) -> "_Raises":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> bool:
        if kind is None:
            raise AssertionError(f"did not raise {self.kinds}")
        if not issubclass(kind, self.kinds):
            return False
        self.value = error
        if self.match is not None and not re.search(self.match, str(error)):
            raise AssertionError(f"{str(error)!r} does not match {self.match!r}")
        return True


class _Approx:
    """Equal to a number, or to a sequence or mapping of numbers, within a tolerance."""

    def __init__(self, expected: Any, rel: float = 1e-6, abs: float = 1e-12) -> None:
        self.expected, self.rel, self.abs = expected, rel, abs

    def __eq__(self, other: object) -> bool:
        return self._close(self.expected, other)

    def __repr__(self) -> str:
        return f"approx({self.expected!r})"

    def _close(self, expected: Any, got: Any) -> bool:
        if isinstance(expected, dict):
            same = isinstance(got, dict) and expected.keys() == got.keys()
            return same and all(self._close(expected[key], got[key]) for key in expected)
        if isinstance(expected, list | tuple):
            same = isinstance(got, list | tuple) and len(got) == len(expected)
            return same and all(self._close(a, b) for a, b in zip(expected, got, strict=True))
        if type(got) not in (int, float, complex, bool) or not isinstance(expected, int | float | complex):
            return bool(expected == got)
        return expected == got or abs(expected - got) <= max(self.abs, self.rel * abs(expected))


def _parametrize(
    names: str | Sequence[str], cases: Sequence[Any]
) -> Callable[[Callable[..., Any]], Callable[[], None]]:
    keys = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)

    def decorate(function: Callable[..., Any]) -> Callable[[], None]:
        def every_case() -> None:
            for case in cases:
                function(**dict(zip(keys, case if len(keys) > 1 else [case], strict=True)))

        return every_case

    return decorate


def _fail(reason: str = "") -> None:
    raise AssertionError(reason)
