"""How what a program printed is compared with what it should have printed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

TOLERANCE = 1e-6
"""Absolute or relative; what judges of programming contests take where nothing else is said."""
_TOKEN = re.compile(r"[^ \t\n\r\v\f]+")
"""What stands between the white space of ASCII: another space, such as one that breaks no line, is a letter."""
WHOLE = re.compile(r"[+-]?[0-9]+")
REAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


def _nearly(got: str, want: str) -> bool:
    said, meant = _TOKEN.findall(got), _TOKEN.findall(want)
    return len(said) == len(meant) and all(_near(one, other) for one, other in zip(said, meant, strict=True))


def _near(got: str, want: str) -> bool:
    if got == want or (WHOLE.fullmatch(got) and WHOLE.fullmatch(want)):
        return got == want
    if not (REAL.fullmatch(got) and REAL.fullmatch(want)):
        return False
    one, other = float(got), float(want)
    if WHOLE.fullmatch(want) and not abs(one - other) < 0.5:  # of a large integer a millionth is another one
        return False
    return math.isfinite(other) and math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


COMPARED: dict[str, Callable[[str, str], bool]] = {
    "tokens": lambda got, want: _TOKEN.findall(got) == _TOKEN.findall(want),
    "exact": lambda got, want: got == want,
    "floats": _nearly,
}
"""How what a case printed is compared with what it should."""
