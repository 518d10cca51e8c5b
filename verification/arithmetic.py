"""Finds equations in a solution that are false: a right answer at the end of wrong steps is nothing to learn from.

Only what is certain is called false: plain numbers with + - * / and brackets on both sides of `=`. Anything else (letters,
percentages, roots, minutes that come to hours, dozens, a time of day) is passed over. Pure arithmetic on bounded text; nothing is evaluated as code.
"""

import ast
import itertools
import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

import syntax
from verification.extraction import spoken
from verification.quantities import SCALES, pointed, unit_of

LONGEST_SIDE = 200
"""Characters before an `=` that are looked at."""
MOST_EQUATIONS = 60

_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,20})?|\d{1,20}(?:\.\d{1,20})?|\.\d{1,20}|[-+*/×÷()]")
_NEXT = re.compile(r"[ \t]*[$€£]?[ \t]*")
_OPAQUE = re.compile(
    r"[%^√!°:]|\\|\b(?:percent|remainder|squared|cubed|mod)\b"
    r"|\b[b-wyz]\b|\bx\b(?![ ]\d)|(?<!\d[ ])\bx\b|\d[A-Za-z]|[A-Za-z]\d"  # a variable
    r"|\d[ ]\d{1,4}/\d|\)[ ]?\d|\d[ ]?\([ ]?\d{1,9}/|\.\.|-[ ]-",  # a mixed number, a product without its sign
    re.I,
)
_COUNTING = re.compile(
    r"\b(?:dozens?|pairs?|half|twice|thrice|doubled?|tripled?|(?:thousand|[mb]illion)s?|[ap]\.?m|o'clock)\b|\d of (?=[$€£]?\d)",
    re.I,
)
"""What makes another number of the one beside it."""
_MEASURE = re.compile(r"[A-Za-z]+|[$¢]")
_BEHIND = re.compile(r"[ \t]*[$¢]?[ \t]*[\d,./]*[ \t]*(?:[A-Za-z]+|¢)?")


_SIGNS = {"×": "*", "÷": "/"} | {sign: sign for sign in "+-*/()"}
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def false_equations(text: str) -> list[str]:
    """The equations of `text` that do not hold, as `12 + 5 = 18`, at most a handful; its thinking is passed over."""
    found = []
    text = pointed(spoken(text))
    for line in text.splitlines():
        sides = line.split("=")
        for left, right in itertools.pairwise(sides[:MOST_EQUATIONS]):
            if fault := _fault(left[-LONGEST_SIDE:], right[:LONGEST_SIDE]):
                found.append(fault)
    return found[:5]


def _fault(left: str, right: str) -> str:
    before = _last_expression(left)
    after = _first_expression(right)
    if before is None or after is None:
        return ""
    (one, one_text), (other, other_text) = before, after
    behind = _BEHIND.match(right)
    if (
        _COUNTING.search(_sentence(left))
        or _COUNTING.search(right[:40])
        or _converted(left, behind[0] if behind else "")
    ):
        return ""
    if not any(operator in one_text + other_text for operator in "+-*/"):
        return ""  # "x = 5" and the like: two bare numbers are rarely an equation
    running = _TOKEN.search(right)  # "6 + 6 = 12 + 1 = 13" goes on from what it has
    if running and (first := _value([running[0]])) is not None and _equal(one, first, one_text, running[0]):
        return ""
    return "" if _equal(one, other, one_text, other_text) else f"{one_text} = {other_text}"


def _converted(left: str, right: str) -> bool:
    """Whether two units of one measure stand there: 3 * 20 minutes = 1 hour, 4 * 25 cents = $1."""
    begin = re.search(r"[$¢]?\d", sentence := _sentence(left))
    words = _MEASURE.findall(sentence[begin.start() :] if begin else "") + _MEASURE.findall(right)
    units = {unit for word in words if word.lower() != "in" and (unit := unit_of(word)) in SCALES}
    return len({SCALES[unit][0] for unit in units}) < len(units)


def _equal(one: Fraction, other: Fraction, one_text: str, other_text: str) -> bool:
    """Equal, or one of them the other rounded or cut to the decimals it is written with."""
    if one == other:
        return True
    for exact, given, text in ((one, other, other_text), (other, one, one_text)):
        whole = re.fullmatch(r"-?\d+(?:\.(\d+))?", text)
        if whole is not None:
            unit = Fraction(1, 10 ** len(whole[1] or ""))
            if whole[1] and abs(exact - given) < unit:
                return True
            if not whole[1] and exact.denominator != 1 and abs(exact - given) < 1:
                return True
    return False


def _last_expression(side: str) -> tuple[Fraction, str] | None:
    """The longest expression that ends where the side does; words between a number and an operator are passed over."""
    if _OPAQUE.search(side[-80:]):
        return None
    tokens = [match[0] for match in _TOKEN.finditer(_without_words(side))]
    if not tokens or not re.search(r"[\d)](?:[ \t]*[A-Za-z$€£]{1,20}){0,3}[ \t]*$", side):
        return None
    for start in range(max(0, len(tokens) - 40), len(tokens)):
        if tokens[start] in "*/×÷)+" or (tokens[start] == "-" and start):
            continue
        value = _value(tokens[start:])
        if value is not None:
            return value, _written(tokens[start:])
    return None


def _first_expression(side: str) -> tuple[Fraction, str] | None:
    """The longest expression that the side begins with."""
    begin = _NEXT.match(side)
    assert begin
    tokens: list[str] = []
    at = begin.end()
    while match := _TOKEN.match(side, at):
        tokens.append(match[0])
        gap = _NEXT.match(side, match.end())
        assert gap
        at = gap.end()
    if not tokens or _OPAQUE.search(side[begin.end() : at + 12]) or re.match(r"[A-Za-z]?[ ]?[*/^(]", side[at : at + 3]):
        return None
    while tokens and tokens[-1] in "+-*/×÷(":  # "= 12 - the rest"
        return None
    value = _value(tokens)
    return None if value is None else (value, _written(tokens))


def _without_words(side: str) -> str:
    """The side from its last sentence on, words taken out; a hyphen within words is no minus."""
    return re.sub(r"(?<=\w)-(?=[A-Za-z])|[A-Za-z$€£]+", " ", _sentence(side).replace(" x ", " * "))


def _sentence(side: str) -> str:
    return re.split(r"[.;:?](?:\s|$)|,\s", side)[-1]


def _written(tokens: list[str]) -> str:
    text = " ".join(tokens).replace("( ", "(").replace(" )", ")")
    return text[1:].strip().join(("-", "")) if text.startswith("- ") and len(tokens) == 2 else text.replace(",", "")


def _value(tokens: list[str]) -> Fraction | None:
    """The value of a whole expression, exactly; None where it is not one, or divides by zero.

    Numbers are parsed as names: as Python's they would be rounded, and 007 would be an error.
    """
    known = tokens[:80]
    numbers = {f"n{at}": Fraction(token.replace(",", "")) for at, token in enumerate(known) if token not in _SIGNS}
    words = (_SIGNS.get(token, f"n{at}") for at, token in enumerate(known))
    try:
        return _exact(syntax.expression(" ".join(words)), numbers)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def _exact(node: ast.expr, numbers: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Name(id=name):
            return numbers[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_exact(operand, numbers)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_exact(left, numbers), _exact(right, numbers))
    raise ValueError("no arithmetic")
