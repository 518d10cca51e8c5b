"""Whether two formulas are equal: by math-verify, whose yes and no are checked by computing both.

Runs in a worker process with limits: a computer-algebra system may hang or take all memory on hostile text.
"""

import logging
import re
from fractions import Fraction
from typing import Any

from verification.quantities import NUMBER, RAISED, is_letters, quantity, value

SAME_DIGITS = 12
"""Decimals to which math-verify may round: its default of 6 takes 3.141593 for pi."""

_LETTERS = re.compile(r"\\[A-Za-z]+|[A-Za-z]")
_FUNCTION = re.compile(r"(?<![\\A-Za-z{])(ln|log|sin|cos|tan|pi)(?![A-Za-z])")
"""Written as in a program."""
_SPARE = ("\\xi", "\\zeta", "\\eta", "\\kappa", "\\tau", "\\chi", "\\nu", "\\mu", "\\rho", "\\psi")


_BESIDE = r"[^\d\\^_+*/=<>√π∞%!()\[\]{}|$-]*"
_NUMBER_AMONG_WORDS = re.compile(rf"{_BESIDE}(?<![.,])({NUMBER}){_BESIDE}")
_SIGNS = {
    "·": "\\cdot ", "⋅": "\\cdot ", "×": "\\times ", "÷": "/", "−": "-", "∞": "\\infty ", "≤": "\\le ", "≥": "\\ge ",
    "≠": "\\ne ", "∪": "\\cup ", "∩": "\\cap ", "∈": "\\in ", "∅": "\\emptyset ", "π": "\\pi ",
}  # fmt: skip
_ROMAN = re.compile(r"\\(?:mathrm|operatorname|text)\s*\{\s*([A-Za-z])\s*\}")
_SIGN = re.compile("|".join(_SIGNS))


def by_algebra(answer: str, reference: str) -> bool | None:
    from math_verify import verify
    from sympy import Basic, Eq, Expr

    logging.disable(logging.WARNING)  # it warns of the time limit that our worker keeps for it
    gold, said = (_parsed(text) for text in _letters_apart(_in_latex(reference), _in_latex(answer)))
    if not gold or not said or _is_part(gold, reference) or _is_part(said, answer):
        return None
    same = bool(verify(gold, said, float_rounding=SAME_DIGITS, timeout_seconds=None))
    one, other = said[0], gold[0]
    if isinstance(one, Expr) and isinstance(other, Expr) and "%" not in answer + reference:
        return _computed(one, other, same)
    if same and isinstance(one, Eq) and isinstance(other, Eq):
        return True if one == other or _proportional(one, other) else None
    if not same and (not (isinstance(one, Basic) and isinstance(other, Basic)) or not _of_one_kind(one, other)):
        return None
    return same


def _parsed(text: str) -> list[Any]:
    """The formula as math-verify reads it, or the one number among words; empty where it is neither.

    By itself math-verify takes a number out of a formula that it cannot read, and has two such formulas equal for the same number.
    """
    from math_verify import LatexExtractionConfig, parse
    from sympy import Rational

    config = [LatexExtractionConfig()]
    found: list[Any] = parse(_as_latex(text), config, fallback_mode="no_fallback", parsing_timeout=None)
    if not found and (number := _NUMBER_AMONG_WORDS.fullmatch(text.strip().strip("$"))):
        exact = value(number[1])
        return [Rational(exact.numerator, exact.denominator)]
    return found


def _in_latex(text: str) -> str:
    """What is written in signs of Unicode: 3√2, x², 1.5·10³."""
    text = re.sub(
        r"√\s*(?:\(([^()]{1,60})\)|(\d{1,40}(?:\.\d{1,40})?(?!,?\d)|[A-Za-z]))",
        lambda root: f"\\sqrt{{{root[1] or root[2]}}}",
        text,
    )
    text = re.sub(r"[⁺⁻]?[⁰¹²³⁴-⁹ⁿ]{1,9}", lambda power: f"^{{{power[0].translate(RAISED)}}}", text)
    text = _ROMAN.sub(lambda found: f" {found[1]}" if is_letters(found[1], found[1]) else found[0], text)
    return _SIGN.sub(lambda sign: _SIGNS[sign[0]], text)


def _of_one_kind(one: Any, other: Any) -> bool:
    from sympy.core.relational import Relational

    return type(one) is type(other) or (isinstance(one, Relational) and isinstance(other, Relational))


def _computed(one: Any, other: Any, same: bool) -> bool | None:
    """Whether two formulas have one value, to 40 digits (to 12 with a decimal number in them) at points of our choice.

    Where one has none, `same` says it; formulas that differ for negative letters only are undecided.
    """
    from sympy import Float

    if one == other:
        return True
    if one.doit().is_Rational and other.doit().is_Rational:
        return bool(one.doit() == other.doit())
    within = Fraction(1, 10**SAME_DIGITS) if one.has(Float) or other.has(Float) else Fraction(1, 10**40)
    at_points = [_close(one, other, shift, within) for shift in (3, 11, -7)]
    if not one.free_symbols | other.free_symbols:
        return same if at_points[0] is None else at_points[0]
    if False in at_points[:2]:
        return False
    if None in at_points[:2]:
        return same
    return None if at_points[2] is False else True


def _close(one: Any, other: Any, shift: int, within: Fraction) -> bool | None:
    values = []
    for formula in (one, other):
        number = _at(formula, shift)
        if number is None:
            return None
        values.append(number)
    largest = max(abs(number) for number in values)
    return bool(abs(values[0] - values[1]) <= largest * within.numerator / within.denominator)


def _at(formula: Any, shift: int) -> Any:
    """The formula's value with every letter replaced by a fraction that depends on its name; None where it has none."""
    from sympy import I, Rational, nan, zoo

    sign = 1 if shift > 0 else -1
    points = {
        letter: sign
        * Rational(abs(shift) * 97 + 13 * sum(map(ord, letter.name)), 101 + sum(map(ord, letter.name)) % 17)
        for letter in formula.free_symbols
    } | {letter: I for letter in formula.free_symbols if letter.name == "i"}
    number = formula.doit().subs(points).evalf(60)
    return number if number.is_number and number.is_finite and number not in (nan, zoo) else None


def _proportional(one: Any, other: Any) -> bool:
    """Whether one equation is a multiple of the other."""
    ratios = []
    for shift in (3, 11, -7):
        values = [_at(side.lhs - side.rhs, shift) for side in (one, other)]
        if None in values or not values[1]:
            return False
        ratios.append(values[0] / values[1])
    return all(abs(ratio - ratios[0]) < abs(ratios[0]) / 10**40 for ratio in ratios)


def _letters_apart(one: str, other: str) -> tuple[str, str]:
    """Both texts with other letters for capitals whose small letter occurs too: math-verify takes R for r."""
    used = set(_LETTERS.findall(one + other))
    capitals = [
        letter
        for letter in sorted(used)
        if letter != letter.lower() and (len(letter) == 1 or letter[1].isupper()) and letter.lower() in used
    ]
    spare = [letter for letter in _SPARE if letter not in used]
    names = dict(zip(capitals, spare, strict=False))
    if not names:
        return one, other
    first, second = (
        _LETTERS.sub(lambda found: f"{names[found[0]]} " if found[0] in names else found[0], text)
        for text in (one, other)
    )
    return first, second


def _as_latex(text: str) -> str:
    bare = _FUNCTION.sub(r"\\\1", text.strip().strip("$").strip())
    return f"${bare}$"


def _is_part(parsed: list[Any], text: str) -> bool:
    """Whether math-verify found a lone number inside something longer and took that for the answer."""
    from sympy import Number

    return isinstance(parsed[0], Number) and quantity(text) is None and len(text.split()) > 3
