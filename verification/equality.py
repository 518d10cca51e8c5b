"""Whether two final answers mean the same: numbers exactly, everything else by math-verify.

`equal` hands text to a computer-algebra system, which may hang or take all memory on a hostile one: `same` has it called in
a worker process with limits, and only where that is needed. `decided` is cheap and safe anywhere.
"""

import logging
from typing import Any, Protocol

from verification.quantities import Quantity, quantity

SAME_DIGITS = 12
"""Decimals to which math-verify may round: its default of 6 takes 3.141593 for pi."""
NESTING = 30
"""Brackets within brackets; parsers recurse."""
LONGEST = 400


EQUAL = "verification.equality:equal"


class Check(Protocol):
    """Calls a function by its name in a worker process: `workers.call`, or one that records what it said."""

    async def __call__(self, function: str, **values: Any) -> dict[str, Any]: ...


async def same(check: Check, answer: str, reference: str) -> bool:
    """Whether two final answers are equal; an empty one equals none."""
    if not answer or not reference:
        return False
    number = decided(answer, reference)
    if number is not None:
        return number
    found = await check(EQUAL, answer=answer, reference=reference)
    return bool(found.get("equal"))


def decided(answer: str, reference: str) -> bool | None:
    """Whether two answers that are plain numbers are equal; None where either is something else.

    A unit that only one of them states is taken for granted; two different units are two different answers.
    """
    one, other = quantity(answer), quantity(reference)
    if one is None or other is None:
        return None
    if "%" in (one.unit, other.unit) and one.unit != other.unit:
        return _with_percent(one, other)
    if one.number != other.number:
        return False
    return not one.unit or not other.unit or _same_unit(one.unit, other.unit)


def equal(answer: str, reference: str) -> dict[str, Any]:
    """`{"equal": bool, "by": "number" | "math-verify" | "text" | "nothing"}`."""
    if not answer.strip() or not reference.strip():
        return {"equal": False, "by": "nothing"}
    number = decided(answer, reference)
    if number is not None:
        return {"equal": number, "by": "number"}
    if _too_much(answer) or _too_much(reference):
        return {"equal": False, "by": "nothing"}
    if " ".join(answer.split()).casefold() == " ".join(reference.split()).casefold():
        return {"equal": True, "by": "text"}
    from math_verify import parse, verify

    logging.disable(logging.WARNING)  # it warns of the time limit that our worker keeps for it
    gold, said = (parse(_as_latex(text), parsing_timeout=None) for text in (reference, answer))
    if not gold or not said or _is_part(gold, reference) or _is_part(said, answer):
        return {"equal": False, "by": "nothing"}
    same = verify(gold, said, float_rounding=SAME_DIGITS, timeout_seconds=None)
    return {"equal": bool(same), "by": "math-verify"}


def _with_percent(one: Quantity, other: Quantity) -> bool:
    """50% is 0.5, and "50" where the question asks for a percentage."""
    percent, plain = (one, other) if one.unit == "%" else (other, one)
    return not plain.unit and plain.number in (percent.number, percent.number / 100)


def _same_unit(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return shorter == longer or shorter in longer.split() or longer.endswith(f" {shorter}")


def _as_latex(text: str) -> str:
    bare = text.strip().strip("$").strip()
    return f"${bare}$"


def _is_part(parsed: list[Any], text: str) -> bool:
    """Whether math-verify found a lone number inside something longer and took that for the answer."""
    from sympy import Number

    return isinstance(parsed[0], Number) and quantity(text) is None and len(text.split()) > 3


def _too_much(text: str) -> bool:
    depth = deepest = 0
    for letter in text:
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(letter, 0)
        deepest = max(deepest, depth)
    towers = text.count("^") > 4 or ("!" in text.replace("\\!", "") and any(char.isdigit() for char in text))
    return len(text) > LONGEST or deepest > NESTING or towers
