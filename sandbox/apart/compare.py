"""What the calls of a program gave, compared with what they were to give: strict in types, order and length."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

from sandbox.apart.form import Rules
from sandbox.apart.literals import Tagged
from sandbox.apart.loosely import Likeness, alike

DIGITS = 400
MOST_ITEMS = 300
KINDS = ("long", "big", "letter", "other")
"""What Java's numbers and letters may be beside integer, double and text."""


Want = tuple[Tagged, Rules]
"""What a call is to give, and how it is compared."""


def decided(wants: tuple[Want, ...], told: list[tuple[str, int, str]]) -> list[tuple[str, int, str]]:
    """The harness's lines with each `value` decided, by what its test wants. A test passes by its value alone; a test of which nothing was said
    when the script came to its end has failed; one that holds for anything as true is `void`.
    """
    found: list[tuple[str, int, str]] = []
    for kind, index, text in told:
        if kind == "value" and index < len(wants):
            found.append(_decided(*wants[index], index, text))
        elif kind in ("fail", "error", "void"):
            found.append((kind, index, text))
        elif kind == "end":
            said = {index for _, index, _ in found}
            found += [("fail", n, "nothing came of the call") for n in range(len(wants)) if n not in said]
            found.append((kind, index, text))
    return found


def same(got: Any, want: Any, rules: Rules) -> bool:
    """Whether a value is the one wanted: an integer equals a float of its size, zeros are equal, order of keys says
    nothing, truth equals truth alone. Rules: `kinds` (an integer is no float), `zero` (0 is not -0), `ordered` (keys come
    in order), `nan` (NaN equals itself), `kin` (JavaScript's lists and objects may have another prototype), `odd` (they
    may have holes and more than their items), `arrays` (PHP's lists are maps), `truth` (C++'s truth is a number),
    `exact` (what is of another kind is another value, as for Java's boxes), `json` (a number is the key that it spells),
    `near X` (floats differ by X at most), `below X` (by less), `whole` (an integer wanted is no float), `wide` (whole numbers of any kind are
    one, but not inside of a list), `lodash` (a list in a set may have any order), `truthy LANGUAGE` (whatever is as true there).
    """
    if not isinstance(got, list) or not got or not isinstance(got[0], str):
        return False
    if truthy := next((rule for rule in rules if rule.startswith("truthy ")), None):
        return _true(got, truthy.removeprefix("truthy ")) is want[1]
    if (len(got) == 3 and got[2] in KINDS) or (len(want) == 3 and want[2] in KINDS):
        if "exact" in rules and got[2:] != want[2:] and not ("wide" in rules and got[0] == want[0] == "i"):
            return False
        got, want = got[:2], want[:2]
    if "truth" in rules:
        got, want = _counted(got), _without_sign(got, _counted(want))
        got = got[:2] if got[0] == "i" else got
    if ("odd" in rules and got[2:] == ["odd"]) or (rules & {"odd", "kin"} and got[2:] == ["kin"]):
        got = got[:2]
    if got[0] == "q":
        got = _of_fraction(got, rules)
    if got[0] in ("i", "f") and want[0] in ("i", "f"):
        return _numbers(got, want, rules)
    if "arrays" in rules and "m" in (got[0], want[0]):
        if "whole" in rules and got[0] != want[0]:  # a translation's own function asks whether it is a list
            return False
        got, want = _keyed(got), _keyed(want)
    if got[0] != want[0] or len(got) != len(want):
        return False
    rules = rules - {"wide"}
    if got[0] == "l":
        return _in_order(got[1], want[1], rules)
    if got[0] == "m":
        return _by_key(got[1], want[1], rules)
    if got[0] == "set":
        return _as_set(got[1], want[1], rules)
    return bool(got == want) and type(got[-1]) is type(want[-1])


def shown(value: Any, depth: int = 0) -> str:
    """A tagged value in words, bounded."""
    if not isinstance(value, list) or not value or depth > 4:
        return "..."
    tag, inner = value[0], value[1] if len(value) > 1 else None
    if value[2:] in (["odd"], ["kin"]):
        return f"{shown(value[:2], depth)} (and more, or of another kind)"
    if tag in ("l", "set") and isinstance(inner, list):
        more = ", ..." if len(inner) > 20 else ""
        return f"{'set' if tag == 'set' else ''}[{', '.join(shown(item, depth + 1) for item in inner[:20])}{more}]"
    if tag == "m" and isinstance(inner, list):
        pairs = [item for item in inner[:20] if isinstance(item, list) and len(item) == 2]
        return "{" + ", ".join(f"{shown(key, depth + 1)}: {shown(item, depth + 1)}" for key, item in pairs) + "}"
    if tag == "s":
        return json.dumps(str(inner)[:200])
    if tag == "b":
        return "true" if inner is True else "false"
    return {"n": "null", "u": "undefined"}.get(str(tag), str(inner)[:100].encode("utf-8", "replace").decode())


def _decided(want: Tagged, rules: Rules, index: int, text: str) -> tuple[str, int, str]:
    try:
        got = json.loads(text)
        if same(got, want, rules):
            return "ok", index, ""
        likeness = alike(_all_keyed(got), _all_keyed(want)) if "loose" in rules else Likeness.different
        if likeness is Likeness.equal:
            return "ok", index, ""
        if likeness is Likeness.by_truth:
            return "void", index, f"{shown(got)} == {shown(want)} holds for anything that is as true"
        return "fail", index, f"expected {shown(want)}, got {shown(got)}"
    except (ValueError, RecursionError, TypeError, IndexError, OverflowError):
        return "fail", index, f"expected {shown(want)}, got what is no value"


def _all_keyed(value: Any) -> Any:
    """With every list in it a map."""
    if not isinstance(value, list) or value[:1] not in (["l"], ["m"]):
        return value
    return ["m", [[key, _all_keyed(item)] for key, item in _keyed(value)[1]]]


def _true(got: Tagged, language: str) -> bool:
    """Whether a value counts as true in JavaScript, PHP or Ruby; an object does."""
    if got[0] in ("n", "u") or got == ["?", "0n"]:
        return False
    if got[0] == "b" or language == "ruby":
        return got[1] is not False
    if got[0] in ("i", "f"):
        number = float(got[1])
        return number != 0 and (language == "php" or not math.isnan(number))
    if got[0] == "s":
        return got[1] not in (("", "0") if language == "php" else ("",))
    return language != "php" or got[0] not in ("l", "m") or bool(got[1])


def _numbers(got: Tagged, want: Tagged, rules: Rules) -> bool:
    if (
        len(got) != 2
        or not isinstance(got[1], str)
        or len(got[1]) > DIGITS
        or (got[0] != want[0] and ("kinds" in rules or ("whole" in rules and want[0] == "i")))
    ):
        return False
    if got[0] == want[0] == "i":
        return int(got[1]) == int(want[1])
    one, other = float(got[1]), float(want[1])
    for rule in rules:
        if rule.startswith("below ") and math.isfinite(one):
            return abs(one - other) < float(rule[6:])
        if rule.startswith("near ") and math.isfinite(one):
            return abs(one - other) <= float(rule[5:]) + (1e-12 * abs(other) if "whole" in rules else 0)
    if got[0] != want[0] and not rules & {"json", "truth"}:  # not where a comparison makes a float of the integer
        return (int(got[1]) == other) if got[0] == "i" else (one == int(want[1]))
    if one == other == 0 and "zero" in rules:
        return math.copysign(1, one) == math.copysign(1, other)
    return one == other or ("nan" in rules and math.isnan(one) and math.isnan(other))


def _of_fraction(got: Tagged, rules: Rules) -> Tagged:
    """Ruby's Rational, which equals a number of its size, but is none of its kind and no key."""
    if "kinds" in rules or len(got[1]) > DIGITS:
        return ["?", "Rational"]
    size = Fraction(got[1])
    return ["i", str(size.numerator)] if size.denominator == 1 else ["f", repr(float(size))]


def _in_order(got: Any, want: list[Tagged], rules: Rules) -> bool:
    if "anyhow" in rules and isinstance(got, list):
        left = list(want)
        for one in got[:MOST_ITEMS]:
            left = left if (at := _place_of(one, left, rules)) is None else left[:at] + left[at + 1 :]
        return len(got) == len(want) <= MOST_ITEMS and not left
    return (
        isinstance(got, list)
        and len(got) == len(want)
        and all(same(one, other, rules) for one, other in zip(got, want, strict=True))
    )


def _place_of(one: Any, others: list[Tagged], rules: Rules) -> int | None:
    return next((at for at, other in enumerate(others) if same(one, other, rules)), None)


def _by_key(got: Any, want: list[list[Tagged]], rules: Rules) -> bool:
    if not isinstance(got, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in got):
        return False
    mine = {_key(key, rules): value for key, value in got}
    wanted = {_key(key, rules): value for key, value in want}
    return (
        len(mine) == len(got)
        and (list(mine) == list(wanted) if "ordered" in rules else mine.keys() == wanted.keys())
        and all(same(mine[key], wanted[key], rules) for key in wanted)
    )


def _as_set(got: Any, want: list[Tagged], rules: Rules) -> bool:
    """Items in any order: compared as text where they are many, else one by one; but for C++, which knows the type, an
    integer in a set is no float.
    """
    if not isinstance(got, list) or len(got) != len(want):
        return False
    if {json.dumps(item) for item in got} == {json.dumps(item) for item in want}:
        return True
    inner = rules if "truth" in rules else rules | {"kinds"}
    if "lodash" in rules:
        inner |= {"anyhow"}
    return max(len(got), len(want)) <= MOST_ITEMS and (
        all(any(same(one, other, inner) for other in want) for one in got)
        and all(any(same(one, other, inner) for one in got) for other in want)
    )


def _key(key: Any, rules: Rules) -> str:
    """A key as text; in C++, which knows the type, a number by its size; in JSON as the text it is there."""
    if isinstance(key, list) and len(key) == 2 and isinstance(key[1], str):
        if "json" in rules and key[0] in ("i", "s"):
            return json.dumps(["s", key[1]])
        if "exact" in rules and key[0] == "f":
            return repr(float(key[1]))
    if "truth" in rules and isinstance(key, list) and len(key) == 2 and key[0] in ("i", "f"):
        number = str(key[1])[:DIGITS]
        return number if number.removeprefix("-").isdecimal() else repr(float(number))
    return json.dumps(key)


def _keyed(value: Tagged) -> Tagged:
    """A list as the map from place to item that it is in PHP."""
    if value[0] == "m":
        return ["m", [_place(pair) for pair in value[1]]] if isinstance(value[1], list) else value
    if value[0] != "l" or not isinstance(value[1], list):
        return value
    return ["m", [[["i", str(place)], item] for place, item in enumerate(value[1])]]


def _place(pair: Any) -> Any:
    """A pair whose key, where it is text that spells an integer, is the integer, as in PHP."""
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], list) or pair[0][:1] != ["s"]:
        return pair
    text = pair[0][-1]
    whole = isinstance(text, str) and len(text) < 19 and text.removeprefix("-").isdecimal() and str(int(text)) == text
    return [["i", text], pair[1]] if whole else pair


def _without_sign(got: Tagged, want: Tagged) -> Tagged:
    """A negative integer as C++ sees it beside one without a sign, which says how many bits it has."""
    if got[0] == want[0] == "i" and got[2:] in ([32], [64]) and int(want[1]) < 0:
        return ["i", str(int(want[1]) % 2 ** got[2])]
    return want


def _counted(value: Tagged) -> Tagged:
    """Truth as the integer it is in C++, where the compiler knows the types."""
    return ["i", str(int(value[1]))] if value[0] == "b" and len(value) == 2 and type(value[1]) is bool else value
