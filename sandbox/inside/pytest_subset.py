"""The part of pytest that generated tests use (`raises`, `approx`, `mark.parametrize`), for a container that has no
pytest.
"""

import re
import types
from collections.abc import Callable, Sequence
from typing import Any


def module() -> types.ModuleType:
    """A module to stand under the name `pytest` in the test driver."""
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
