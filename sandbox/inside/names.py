"""What a name in a test script means: the script's own, the standard library's, or the program's. Runs in the container."""

import builtins
import importlib
import types
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
