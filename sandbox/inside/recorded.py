"""What the comparisons of a test script saw, told of a run: by place their outcome and a digest of both sides, so that two runs
can be held against each other. Runs in the container, in the tests' own process.
"""

import hashlib
import random
from collections.abc import Callable
from typing import Any

from sandbox.inside.compared import COMPARISONS, kind_of
from sandbox.inside.handles import Handle, HandleClass, Valued, own
from sandbox.inside.values.arrays import is_array

MOST = 3000
"""Comparisons that are told of; after them it is only said that there were more."""
_PLAIN = (bool, int, float, complex, str, bytes, type(None), range, slice)
_AS_SHOWN = ("fractions", "decimal", "datetime", "uuid", "pathlib")
_PARTS, _DEEP = 20_000, 12


class Recorded:
    """`rows`: the place in the script, the outcome, the left and the right side of each comparison, in their order; `failing`:
    whether an assertion did not hold.
    """

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.full = self.failing = False

    def add(self, place: str, outcome: Any, sides: list[str]) -> None:
        if len(self.rows) >= MOST:
            self.full = True
            return
        self.rows.append([place, digest(outcome), *sides])

    def last(self, session: Any) -> dict[str, Any]:
        """What is said of it at the end; `missed`: whether it is not all."""
        return {"rows": self.rows, "missed": self.full or session.changes.missed, "failing": self.failing}

    def named(self) -> dict[str, Callable[..., Any]]:
        """What the rewritten script calls, by name. An assertion that does not hold ends nothing: what comes after it is
        seen as well.
        """

        def saw(place: str, sign: str, left: Any, right: Any) -> Any:
            sides = [digest(left), digest(right)]
            outcome = COMPARISONS[sign][1](kind_of(left), kind_of(right))
            self.add(place, outcome, sides)
            return outcome

        def truth(place: str, value: Any) -> Any:
            outcome = bool(value)
            self.add(place, outcome, [])
            return outcome

        def asserted(place: str, function: Any, *arguments: Any, **keywords: Any) -> Any:
            sides = [*map(digest, arguments[:2])]
            try:
                function(*arguments, **keywords)
            except AssertionError:
                self.failing = True
                self.add(place, False, sides)
            else:
                self.add(place, True, sides)

        def held(value: Any) -> None:
            self.failing = self.failing or not value

        def raised(place: str) -> None:
            self.failing = True
            self.add(place, None, [])

        def raises(place: str) -> None:
            self.add(place, None, [])

        told = {"_lab_held": held, "_lab_raised": raised, "_lab_raises": raises}
        return {**told, "_lab_saw": saw, "_lab_truth": truth, "_lab_asserted": asserted}


def recorder(session: Any, changes: dict[str, Any]) -> Recorded:
    """What a run records in which the tests are to see no change, or to see apart what is one thing."""
    session.changes.undo, session.alike.apart = changes["undo"], changes["apart"]
    session.most_calls = changes["most_calls"]
    random.seed(1)  # what the tests draw is the same in each of these runs
    return Recorded()


def digest(value: Any) -> str:
    """Equal where two values are alike; of an object of the program's not more than that it is one."""
    parts: list[str] = []
    _show(value, parts, 0)
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=6).hexdigest()


def _show(value: Any, parts: list[str], depth: int) -> None:
    kind = type(value)
    if len(parts) > _PARTS or depth > _DEEP:
        parts.append("more")
    elif kind in _PLAIN:
        parts.append(f"{kind.__name__} {value!r}")
    elif isinstance(value, Valued):
        parts.append(f"{kind.__name__} {own(value, '_lab_base').__repr__(value)}")
    elif isinstance(value, Handle | HandleClass):
        parts.append("an object of the program")
    elif is_array(value):
        parts.append(f"{value.dtype} {value.shape} {value.tobytes()!r}")
    elif isinstance(value, dict):
        _gather(value.items(), parts, depth, "dict", ordered=False)
    elif isinstance(value, set | frozenset):
        _gather(value, parts, depth, "set", ordered=False)
    elif isinstance(value, list | tuple) or kind.__name__ == "deque":
        _gather(value, parts, depth, kind.__name__, ordered=True)
    elif kind.__module__ in _AS_SHOWN or kind.__module__ == "numpy":
        parts.append(repr(value))
    elif hasattr(value, "__dict__") and not isinstance(value, type) and not callable(value):
        parts.append(kind.__name__)
        _show(dict(vars(value)), parts, depth + 1)
    else:
        parts.append(f"{kind.__name__} {getattr(value, '__name__', '')}")


def _gather(items: Any, parts: list[str], depth: int, name: str, *, ordered: bool) -> None:
    found: list[str] = []
    for item in items:
        inner: list[str] = []
        _show(item, inner, depth + 1)
        found.append("\n".join(inner))
        if len(found) > _PARTS:
            break
    parts += [f"{name} {len(found)}", *(found if ordered else sorted(found))]
