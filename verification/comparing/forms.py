"""What kind of thing two answers are, and what follows from it: times of day, numbers in a base, ratios, letters, units,
lists, phrases. Bounded patterns only: the text is hostile."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from verification.quantities import is_letters, plain, quantity, spelled, unit_of, value

Alike = Callable[[str, str], bool | None]
"""Whether two parts of answers are equal; None is undecided."""
MOST_ELEMENTS = 12
"""Of a list or set."""

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?[ ]?(?:([ap])[. ]{0,2}m\.?|(?:Uhr|o'clock))|(\d{1,2}):(\d{2})", re.I)
_BASE = re.compile(r"([0-9A-Fa-f]{1,60})_\{?(?:\\text\{)?[ ]?(\d{1,2}|two|three|eight|ten|sixteen)[ ]?\}{0,2}")
_BASES = {"two": 2, "three": 3, "eight": 8, "ten": 10, "sixteen": 16}
_RATIO = re.compile(r"(\d{1,12}) ?: ?(\d{1,12})")
_ASSIGNED = re.compile(r"([A-Za-z]|\\[a-z]{2,10})\s*=\s*([^=<>]+)")
_CHOICE = re.compile(r"\(?([A-H])[).]?")
_LABELLED = re.compile(r"\(?([A-H])\)\s+(\S.*)")
"""A choice with what it says: `(C) 12`."""
_GOES_ON = re.compile(r"\d\.{2,}|\d\s*(?:\\[lc]?dots|…)")
_POINTS = re.compile(r"(?:\\(?:angle|triangle|overline|overrightarrow|text|mathrm)\s*)?\{?([A-Z]{2,8})\}?")
_TRIGONOMETRY = re.compile(r"\\?(?:sin|cos|tan|cot|sec|csc)")
_DEGREES = re.compile(r"circ|°|degree")
_PI = re.compile(r"\\?pi(?![a-z])|π")
_GROUPED = re.compile(r"(?<![\d,.])[1-9]\d{0,2}(?:,\d{3})+(?!,?\d)")
"""A number with digit groups, in a list whose own commas have a space behind them."""
_UNIT_BEHIND = re.compile(
    r"(.*[^\s,;{(=+*/-])\s*(?:\\[,; ])?\s*\\(?:text|mathrm|mbox|textrm)\s*\{\s*([A-Za-z ./]{1,30}?)\s*\}(\^\{?[23]\}?)?"
    r"|(.*[^\s,;{(=+*/-])\s+((?:k|c|m|d)?m|k?g|ft|in|s|min|hours?|minutes?|seconds?|meters?|miles?)(\^\{?[23]\}?)?"
)
_WORDS = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
_TOKENS = re.compile(r"\d{1,40}(?:[.,/:]\d{1,40})*|[A-Za-zäöüßéè%$€£°]+|[^\sA-Za-z\d]")
_FILLERS = frozenset(["and", "the", "a", "an", "of", "is", "are", "it", "in", "to", "there", "und"]) | frozenset(",.;")

UNKNOWN = object()
"""No rule of ours has a say."""


def by_form(one: str, other: str, alike: Alike) -> Any:
    """True, False or None by what kind of thing the answers are; UNKNOWN where that says nothing."""
    rules: tuple[Callable[..., Any], ...] = (
        _labelled, _clocks, _bases, _ratios, _letters, _assignments, _units, _lists, _phrases
    )  # fmt: skip
    for rule in rules:
        found = rule(one, other, alike) if rule in (_labelled, _assignments, _lists) else rule(one, other)
        if found is not UNKNOWN:
            return found
    if _GOES_ON.search(one) or _GOES_ON.search(other):
        return None  # 0.333... is a third, or 0.333
    if bool(_DEGREES.search(one)) != bool(_DEGREES.search(other)) and (
        _TRIGONOMETRY.search(one + other) or _PI.search(one + other)
    ):
        return None  # sin 30 is of degrees or not; 180 degrees are pi
    return UNKNOWN


def is_clock(text: str) -> bool:
    """Whether a text is a time of day and nothing else."""
    return _CLOCK.fullmatch(plain(text)) is not None


def _labelled(one: str, other: str, alike: Alike) -> Any:
    """`(C) 12` beside a letter is C, beside anything else 12."""
    found = [_LABELLED.fullmatch(plain(text)) for text in (one, other)]
    if not any(found):
        return UNKNOWN
    if found[0] and found[1]:
        return alike(found[0][2], found[1][2]) if found[0][1] == found[1][1] else None
    labelled, bare = (found[0], other) if found[0] else (found[1], one)
    assert labelled
    choice = _CHOICE.fullmatch(plain(bare))
    return labelled[1] == choice[1] if choice else alike(labelled[2], bare)


def _clocks(one: str, other: str) -> Any:
    """10 a.m. and 10 p.m.; 14:30 is 2:30 p.m.; without a word of the half of the day it is undecided."""
    found = [_CLOCK.fullmatch(plain(text)) for text in (one, other)]
    if not any(found):
        return UNKNOWN
    if not all(found):
        number = next(quantity(text) for text, clock in zip((one, other), found, strict=True) if not clock)
        if number and number.number in (_share(one), _share(other)):
            return None  # 1:12 is a twelfth, too
        return False if number and not any(clock and clock[3] for clock in found) else None
    times = [
        (int(clock[1] or clock[4]), int(clock[2] or clock[5] or 0), (clock[3] or "").lower())
        for clock in found
        if clock
    ]
    minutes = [(hour % 12 + 12 * (half == "p") if half else hour) * 60 + minute for hour, minute, half in times]
    if minutes[0] == minutes[1] and (bool(times[0][2]) == bool(times[1][2]) or max(times[0][0], times[1][0]) > 12):
        return True
    if bool(times[0][2]) == bool(times[1][2]):
        return None if _share(one) is not None and _share(one) == _share(other) else False
    late = any(hour > 12 for hour, _, _ in times)
    return None if (minutes[0] - minutes[1]) % 720 == 0 and not late else False


def _share(text: str) -> Fraction | None:
    """What a ratio comes to; None of anything else."""
    ratio = _RATIO.fullmatch(plain(text))
    return Fraction(int(ratio[1]), int(ratio[2])) if ratio and int(ratio[2]) else None


def _bases(one: str, other: str) -> Any:
    """1011_2 is a number of base 2; beside one without a base, that one is decimal."""
    found = [_BASE.fullmatch(text.strip()) for text in (one, other)]
    if not any(found):
        return UNKNOWN
    values: list[Fraction | None] = []
    for text, based in zip((one, other), found, strict=True):
        if based:
            base = _BASES.get(based[2]) or int(based[2])
            if not 2 <= base <= 36 or any(int(digit, 36) >= base for digit in based[1]):
                values.append(None)
            else:
                values.append(Fraction(int(based[1], base)))
        else:
            number = quantity(text)
            values.append(number.number if number else None)
    if all(found):
        if None in values:
            return False
        return values[0] == values[1]
    return None if None in values or values[0] == values[1] else False


def _ratios(one: str, other: str) -> Any:
    found = [_RATIO.fullmatch(plain(text)) for text in (one, other)]
    if not any(found):
        return UNKNOWN
    first, second = ([int(part) for part in ratio.groups()] if ratio else [] for ratio in found)
    if not first or not second:
        return None
    return True if first == second else None if first[0] * second[1] == first[1] * second[0] else False


def _letters(one: str, other: str) -> Any:
    """Words in another case are equal, letters are not; the points of a figure in another order are undecided."""
    first, second = plain(one), plain(other)
    choices = [_CHOICE.fullmatch(text) for text in (first, second)]
    if choices[0] and choices[1]:
        return choices[0][1] == choices[1][1]
    if any(choices) and (quantity(first) or quantity(second)):
        return None  # the number may be what the choice says
    points = [_POINTS.fullmatch(text.strip()) for text in (one, other)]
    if points[0] and points[1]:
        if points[0][1] == points[1][1]:
            return True if one.startswith("\\") == other.startswith("\\") else None
        return None if sorted(points[0][1]) == sorted(points[1][1]) else False
    words = re.compile(r"[A-Za-zÀ-ÿ]{2,}(?:[ -][A-Za-zÀ-ÿ]+)*")
    if words.fullmatch(first) and words.fullmatch(second):
        if first.casefold() == second.casefold():
            plainly = {first, second} & {first.lower(), first.capitalize(), first.title()}
            return (
                True
                if plainly
                and len(first) > 1
                and not (first.isupper() != second.isupper() and len(first) < 4 and first.lower() not in ("yes", "no"))
                else None
            )
        if " " not in first + second and len(first) > 2 and len(second) > 2:
            return False
    alone = [bool(re.fullmatch(r"[A-Za-z]{3,}", text)) for text in (first, second)]
    if any(alone) and not all(alone) and (quantity(first) or quantity(second)):
        return None
    return UNKNOWN


def _assignments(one: str, other: str, alike: Alike) -> Any:
    """x = 3 is not y = 3; beside an answer without a name it is 3."""
    found = [_ASSIGNED.fullmatch(text.strip()) for text in (one, other)]
    if found[0] and found[1]:
        if found[0][1] == found[1][1]:
            return alike(found[0][2], found[1][2])
        return False if alike(found[0][2], found[1][2]) and quantity(found[0][2]) else UNKNOWN
    if any(found) and not any(
        sign in text for text, named in zip((one, other), found, strict=True) if not named for sign in "=<>"
    ):
        first, second = (named[2] if named else text for text, named in zip((one, other), found, strict=True))
        return alike(first, second)
    return UNKNOWN


def _units(one: str, other: str) -> Any:
    """Formulas with different units behind them differ, unless one scale could make them equal."""
    first, second = (_unit_behind(text.strip()) for text in (one, other))
    if not first or not second:
        return UNKNOWN
    units = [
        unit_of((found[2] or found[5]) + (found[3] or found[6] or "").replace("{", "").replace("}", ""))
        for found in (first, second)
    ]
    if units[0] == units[1]:
        return UNKNOWN
    return False if (first[1] or first[4]).split() == (second[1] or second[4]).split() else None


def _unit_behind(text: str) -> re.Match[str] | None:
    """A formula with a unit behind it; `2\\mathrm{e}` has none."""
    found = _UNIT_BEHIND.fullmatch(text)
    return None if found and found[2] and is_letters(found[2], unit_of(found[2])) else found


def without_units(one: str, other: str) -> tuple[str, str]:
    found = [_unit_behind(text.strip().strip("$")) for text in (one, other)]
    return tuple((unit[1] or unit[4]) if unit else text for unit, text in zip(found, (one, other), strict=True))  # type: ignore[return-value]


def _lists(one: str, other: str, alike: Alike) -> Any:
    """Sets without order, tuples and bare lists with it; a set is no tuple; a bare list in another order is undecided."""
    first, second = _parts(one), _parts(other)
    if first is None or second is None:
        if first is None and second is None:
            return UNKNOWN
        return (
            None if quantity(one if first is None else other) and "," in (one if first is None else other) else UNKNOWN
        )
    if (quantity(one) is None) != (quantity(other) is None):
        return None  # 2,5 is two and a half, or two answers
    (kind, ours), (other_kind, theirs) = first, second
    if max(len(ours), len(theirs)) > MOST_ELEMENTS:
        return None
    bare = "" in (kind, other_kind)
    if kind != other_kind and not bare:
        return False
    if len(ours) != len(theirs):
        grouped = any(_GROUPED.search(text) for text in (one, other))
        return None if grouped or "set" in (kind, other_kind) else False
    in_order = [alike(*pair) for pair in zip(ours, theirs, strict=True)]
    if all(in_order):
        return True
    taken: set[int] = set()
    for part in ours:
        match = next((at for at, there in enumerate(theirs) if at not in taken and alike(part, there)), None)
        if match is None:
            return None if None in in_order and False not in in_order else False
        taken.add(match)
    return True if "set" in (kind, other_kind) or (_all_named(ours) and _all_named(theirs)) else None if bare else False


def _all_named(parts: list[str]) -> bool:
    """Whether each says of another letter what it is: `x = 3, y = 4` has no order."""
    names = [named[1] for part in parts if (named := _ASSIGNED.fullmatch(part))]
    return len(set(names)) == len(parts)


def _parts(text: str) -> tuple[str, list[str]] | None:
    """(kind, elements) of a set, a tuple, a closed bracket or a bare list; None of anything else."""
    text = text.strip().replace("\\left", "").replace("\\right", "").strip()
    kinds = {"\\{": ("\\}", "set"), "(": (")", "tuple"), "[": ("]", "closed")}
    begin = next((opening for opening in kinds if text.startswith(opening) and text.endswith(kinds[opening][0])), "")
    kind = kinds[begin][1] if begin else ""
    inside = text[len(begin) : -len(kinds[begin][0])] if begin else text
    spaced = re.search(r",\s|;", inside) is not None
    groups = {at for found in _GROUPED.finditer(inside) for at in range(*found.span())} if spaced else set[int]()
    parts, depth = [""], 0
    for at, letter in enumerate(inside):
        depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(letter, 0)
        if depth < 0 or (not begin and depth == 0 and letter == "]"):
            return None
        if letter in ",;" and not depth and at not in groups and not parts[-1].endswith("\\"):
            parts.append("")
        else:
            parts[-1] += letter
    parts = [part.strip() for part in parts]
    if depth or len(parts) < 2 or not all(parts) or (not begin and text[0] in "[(" and text[-1] in "])"):
        return None
    return kind, parts


def _phrases(one: str, other: str) -> Any:
    """Words with numbers among them: equal word by word, different where only a number differs, else undecided."""
    bare = [re.sub(r"\\text\s*\{([^{}]*)\}", r" \1 ", text) for text in (one, other)]
    wordy = [len(_WORDS.findall(text)) > 1 and "\\" not in text for text in bare]
    if not all(wordy) and any("\\" in text for text in bare):
        return None if any(wordy) else UNKNOWN
    if not any(wordy):
        return UNKNOWN
    tokens = [[token for token in _TOKENS.findall(text) if token.lower() not in _FILLERS] for text in bare]
    first, second = (
        [
            spelled(token)
            if token[:1].isalnum() and spelled(token) != token
            else token
            if token[:1].isdigit()
            else unit_of(token.lower()) or token
            for token in side
        ]
        for side in tokens
    )
    if first == second:
        return True
    numbers = [
        [value(token) if "/" not in token and ":" not in token else token for token in side if token[:1].isdigit()]
        for side in (first, second)
    ]
    words = [[token for token in side if not token[:1].isdigit()] for side in (first, second)]
    return False if words[0] == words[1] and numbers[0] != numbers[1] else None
