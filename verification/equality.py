"""Whether two final answers mean the same: yes, no, or undecided.

Identical texts are equal. Numbers with units, times of day, numbers in a base, lists, tuples and sets, words are compared by
rules of ours; formulas by math-verify, whose yes or no is checked by computing both to 60 digits. What nothing decides is
undecided, which is neither right nor the losing side of a pair.

`equal` hands text to a computer-algebra system, which may hang or take all memory on a hostile one: `same` has it called in
a worker process with limits, and only where that is needed. `decided` is cheap and safe anywhere.
"""

from typing import Any, Protocol

from verification.comparing.algebra import by_algebra
from verification.comparing.forms import UNKNOWN, by_form, is_clock, without_units
from verification.quantities import EITHER, SCALES, Quantity, in_full, quantity

NESTING = 30
"""Brackets within brackets; parsers recurse."""
LONGEST = 400

EQUAL = "verification.equality:equal"


class Check(Protocol):
    """Calls a function by its name in a worker process: `workers.call`, or one that records what it said."""

    async def __call__(self, function: str, **values: Any) -> dict[str, Any]: ...


async def same(check: Check, answer: str, reference: str) -> bool:
    """Whether two final answers are equal for certain; an empty one equals none."""
    return await compared(check, answer, reference) is True


async def compared(check: Check, answer: str, reference: str) -> bool | None:
    """Whether two final answers are equal; None where that is undecided, as it is of an empty one."""
    if not answer.strip() or not reference.strip():
        return None
    number = decided(answer, reference)
    if number is not None:
        return number
    found = (await check(EQUAL, answer=answer, reference=reference)).get("equal")
    return found if isinstance(found, bool) else None


def decided(answer: str, reference: str) -> bool | None:
    """Whether two answers that are the same text or plain numbers are equal; None where either is something else.

    A unit that only one of them states is taken for granted; two different units are two different answers, but for those of
    one scale (100 cm and 1 m).
    """
    if answer.split() == reference.split():
        return True
    if is_clock(answer) or is_clock(reference):
        return None
    one, other = quantity(answer), quantity(reference)
    if one is None or other is None:
        return None
    if "%" in (one.unit, other.unit) and one.unit != other.unit:
        return _with_percent(one, other)
    if one.unit in SCALES and other.unit in SCALES and one.unit != other.unit:
        (kind, scale), (other_kind, other_scale) = SCALES[one.unit], SCALES[other.unit]
        return kind == other_kind and one.number * scale == other.number * other_scale
    whole, all_of_it = in_full(one), in_full(other)
    if (whole, all_of_it) != (one, other):
        if _agree(whole, all_of_it):
            return True  # 2.5 million is 2,500,000, and 2.5 where the question asks for millions
        if (whole == one and one.unit) or (all_of_it == other and other.unit):
            return False  # $5 is not $5 million
    return _agree(one, other)


def _agree(one: Quantity, other: Quantity) -> bool:
    if one.number != other.number:
        return False
    return not one.unit or not other.unit or _same_unit(one.unit, other.unit)


def equal(answer: str, reference: str) -> dict[str, Any]:
    """`{"equal": bool or None, "by": "number" | "form" | "math-verify" | "nothing"}`; None is undecided."""
    if not answer.strip() or not reference.strip():
        return {"equal": None, "by": "nothing"}
    number = decided(answer, reference)
    if number is not None:
        return {"equal": number, "by": "number"}
    found = by_form(_dressed(answer), _dressed(reference), _alike)
    if found is not UNKNOWN:
        return {"equal": found, "by": "nothing" if found is None else "form"}
    if _too_much(answer) or _too_much(reference):
        return {"equal": None, "by": "nothing"}
    found = by_algebra(*without_units(answer, reference))
    return {"equal": found, "by": "nothing" if found is None else "math-verify"}


def _alike(one: str, other: str) -> bool | None:
    found = equal(one, other)["equal"]
    return found if isinstance(found, bool) else None


def _with_percent(one: Quantity, other: Quantity) -> bool:
    """50% is 0.5, and "50" where the question asks for a percentage."""
    percent, bare = (one, other) if one.unit == "%" else (other, one)
    return not bare.unit and bare.number in (percent.number, percent.number / 100)


def _same_unit(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if one in EITHER.get(other, ()) or other in EITHER.get(one, ()):
        return True
    return shorter == longer or shorter in longer.split() or longer.endswith(f" {shorter}")


def _dressed(text: str) -> str:
    """The text without the signs around formulas."""
    bare = text.strip().removesuffix(".").strip()
    for begin, end in (("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")):
        if bare.startswith(begin) and bare.endswith(end) and len(bare) > len(begin) + len(end):
            bare = bare[len(begin) : -len(end)].strip()
    return bare


def _too_much(text: str) -> bool:
    depth = deepest = 0
    for letter in text:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(letter, 0)
        deepest = max(deepest, depth)
    towers = text.count("^") > 4 or ("!" in text.replace("\\!", "") and any(char.isdigit() for char in text))
    return len(text) > LONGEST or deepest > NESTING or towers
