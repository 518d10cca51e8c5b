"""PHP's `==`, where the tests compare by it: equal in content, equal only in being true or empty, or different.

`true == "anything"` holds in PHP, as do `null == false` and `[] == false`. A test that passes so says nothing of the answer.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Any

from sandbox.apart.literals import Tagged

NUMERIC = re.compile(
    r"[ \t\n\r\v\f]*[+-]?([0-9]{1,400}(\.[0-9]{0,400})?|\.[0-9]{1,400})([eE][+-]?[0-9]{1,4})?[ \t\n\r\v\f]*"
)
"""A text that PHP compares as the number it spells."""


class Likeness(Enum):
    """What `==` says of two values, and by what."""

    equal = "equal"
    by_truth = "by truth"
    different = "different"


def alike(got: Any, want: Tagged) -> Likeness:
    """How PHP's `==` sees a value and the one wanted; lists are maps already. Raises ValueError for what is no value."""
    if not isinstance(got, list) or len(got) < 1 or not isinstance(got[0], str):
        raise ValueError("no value")
    tags = {got[0], want[0]}
    if tags == {"m"}:
        return _of_maps(got, want)
    if tags <= {"i", "f", "s"}:
        return Likeness.equal if _spelled(got, want) else Likeness.different
    if got[0] in ("i", "f") and want[0] == "b" and float(got[1]) == float(want[1]):
        return Likeness.equal  # 1 for true and 0 for false say what was asked
    if tags <= {"i", "f", "s", "b", "n", "m"} and tags & {"b", "n"}:
        return Likeness.by_truth if _truth(got) == _truth(want) else Likeness.different
    return Likeness.different


def _of_maps(got: Tagged, want: Tagged) -> Likeness:
    mine, wanted = ({repr(key): value for key, value in side[1]} for side in (got, want))
    if len(got[1]) != len(want[1]) or mine.keys() != wanted.keys():
        return Likeness.different
    found = {alike(mine[key], wanted[key]) for key in wanted}
    return next((one for one in (Likeness.different, Likeness.by_truth) if one in found), Likeness.equal)


def _spelled(got: Tagged, want: Tagged) -> bool:
    """Numbers and texts: as numbers where both are or spell one, else as texts."""
    one, other = str(got[1]), str(want[1])
    if all(tag != "s" or NUMERIC.fullmatch(text) for tag, text in ((got[0], one), (want[0], other))):
        if got[0] == want[0] == "i":
            return int(one) == int(other)
        if got[0] == want[0] == "s" and _overflows(one) * _overflows(other) > 0:  # as texts, lest digits be lost
            return float(one) == float(other) and one == other
        return float(one) == float(other)
    return one == other


def _overflows(text: str) -> int:
    """Whether a text spells an integer that PHP has none for: its sign, or 0."""
    number = int(text) if re.fullmatch(r"\s*[+-]?[0-9]+\s*", text) else 0
    return 0 if -(2**63) <= number < 2**63 else 1 if number > 0 else -1


def _truth(value: Tagged) -> bool:
    if value[0] in ("i", "f"):
        return float(value[1]) != 0
    if value[0] == "s":
        return value[1] not in ("", "0")
    return value[0] != "n" and bool(value[1])
