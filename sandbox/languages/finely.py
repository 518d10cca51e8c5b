"""An expected value that differs finely (by the order of its items or letters, the case of one, white space, the last item,
a sign, tens) or is the one of another test. A comparison that a program made blind to one of these passes such a control,
and so does a program that answers whatever is expected where it looks like an answer.
"""

from __future__ import annotations

import itertools
import random
import re
import unicodedata

from sandbox.languages import literals
from sandbox.languages.another import another
from sandbox.languages.literals import LITERAL
from sandbox.languages.script import QUOTES

WAYS = 3
"""In which a value can differ finely: in order, in case or the last item, in white space or how many there are."""
_FREELY = frozenset({"javascript", "typescript", "php", "ruby", "perl"})
"""Languages in which a list may have one more item, and any number a sign."""
_LOOSE = re.compile(
    r"\b\w*[sS]et\b\s*[({\[<.:]|[\])]\s*\.(?:sort|to_set|tally|uniq)|[cC]anonical|[cC]ontain|match_array|SameElements|"
    r"ElementsMatch|Unordered|[iI]gnor|EqualFold|STRCASE|casecmp|[nN]ear\b|NEAR|[dD]elta|CloseTo|[aA]pprox|[eE]psilon|"
    r"[wW]ithin|\babs\w*\s*\(|[\w)\]]\s*%\s*[\w(]|[iI]nclude|\blike\b|=~|[mM]atch"
)
"""Words of lines whose comparison may rightly be blind to some of this."""
_NOTHING = re.compile(r"(?<!\.)\b(?:nil|null|undefined|NULL)\b|toBeNull|toBeUndefined|assert_nil")
_STRICT = re.compile(r"[=!]==|[sS]trict|\btoBe\(|\btoEqual\(|\bassertSame\(")
"""Where a dynamic language tells a number from a text that spells it."""
_FALSE = 2
"""How far another value than nothing is, for it to be false."""
_BETWEEN = re.compile(r"\s*,\s*")


def finely(line: str, language: str, way: int, chance: random.Random) -> str:
    """The line with one expected value that differs in a way (0 to 2); the line itself where it expects none that can, or
    what it compares may rightly be blind to that.
    """
    found = [match.span() for match in literals.expected(line, language, _LOOSE)]
    if not found:  # nothing is not false
        return literals.expecting_another(line, language, _FALSE) if way == 1 and _NOTHING.search(line) else line
    begin, end = found[-1]
    items = _list_of(line, found)
    if len(items) > 1:
        changed = _other_list(line, items, language, way, chance)
        if changed != line:
            return changed
        begin, end = items[-1]
    signed = line[:begin].endswith("-")
    if (
        way == WAYS - 1
        and re.search(r"[(,\[=:]\s*-$|^\s*\w+\s-$", line[:begin])
        and re.fullmatch(r"[\d.]+", line[begin:end])
    ):
        return line[: begin - 1] + line[begin:]
    strict = language == "ruby" or _STRICT.search(line) is not None
    if strict and way == 1 and re.fullmatch(r"\d{1,15}", line[begin:end]) and not signed and chance.random() < 0.4:
        other = f"'{line[begin:end]}'"  # a text that spells the number
    else:
        other = _other(line[begin:end], language, way, chance, signed=signed, strict=strict)
    return literals.said_again(line[:begin] + other + line[end:], begin + len(other), line[begin:end], other, language)


def exchanged(lines: list[str], numbers: list[int], language: str, chance: random.Random) -> dict[int, str]:
    """By line (from 1) what it becomes where each expects what another does, or a value that stands in it and is handed in;
    not those that can expect no other. Nothing but the right answer tells these from the others.
    """
    asked = {number: found for number in numbers if (found := _asked(lines[number - 1], language))}
    made: dict[int, str] = {}
    for number, (begin, end, kind) in asked.items():
        line = lines[number - 1]
        own = line[begin:end]
        texts = sorted({lines[n - 1][a:b] for n, (a, b, other) in asked.items() if other == kind})
        handed = sorted({one[0] for one in LITERAL.finditer(line, 0, begin) if _kind(one[0]) == kind})
        texts, handed = ([one for one in some if _tells(one, own)] for some in (texts, handed))
        if texts or handed:
            other = chance.choice(texts if not handed or (texts and chance.random() < 0.7) else handed)
            made[number] = literals.said_again(
                line[:begin] + other + line[end:], begin + len(other), own, other, language
            )
    return made


def _asked(line: str, language: str) -> tuple[int, int, str] | None:
    """Where the value is that a line expects, and of what kind it is."""
    found = [match.span() for match in literals.expected(line, language, _LOOSE)]
    if not found:
        return None
    if len(items := _list_of(line, found)) > 1:
        kinds = [_kind(line[slice(*item)]) for item in items]
        return items[0][0], items[-1][1], f"list of {kinds if len(set(kinds)) > 1 else kinds[0]}"
    begin, end = found[-1]
    kind = _kind(line[begin:end])
    return begin - (kind == "number" and re.search(r"(?:^|[\s(,=:])-$", line[:begin]) is not None), end, kind


def _tells(one: str, other: str) -> bool:
    """Whether two literals surely are two values, however they are written."""
    if re.search(r"[$#`%\\]", one):
        return False
    numbers = [re.fullmatch(r"-?\d+(?:\.\d+)?", text) for text in (one, other)]
    if all(numbers):
        return float(one) != float(other)
    return (one[0] not in QUOTES and one != other) or one[1:-1] != other[1:-1]


def _kind(literal: str) -> str:
    return literal[0] if literal[0] in QUOTES else "number" if literal[0].isdigit() else "truth"


def _list_of(line: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The last list of the line that holds literals alone, all of them expected."""
    run = [found[-1]]
    for span in reversed(found[:-1]):
        if not _BETWEEN.fullmatch(line, span[1], run[0][0]):
            break
        run.insert(0, span)
    before, behind = line[: run[0][0]].rstrip(), line[run[-1][1] :].lstrip()
    opens = before and before[-1] in "[{(" and (before[-1] != "(" or re.search(r"\b(?:array|of|asList)\($", before))
    return run if opens and behind[:1] in ("]", "}", ")") else []


def _other_list(line: str, items: list[tuple[int, int]], language: str, way: int, chance: random.Random) -> str:
    words = [line[begin:end] for begin, end in items]
    if way == 0:
        free = language in _FREELY  # elsewhere a pair of two kinds does not compile when it is turned
        places = [
            at
            for at, (one, next_) in enumerate(itertools.pairwise(words))
            if one != next_ and (free or _kind(one) == _kind(next_))
        ]
        if not places:
            return line
        at = chance.choice(places)
        words[at], words[at + 1] = words[at + 1], words[at]
    elif way == 2 and language in _FREELY:
        nested = "[[" in line[: items[0][0]] and chance.random() < 0.5
        words[-1:] = [f"[{words[-1]}]"] if nested else [words[-1], words[-1]]
    else:
        words[-1] = another(words[-1], chance.randint(1, 99), language, len(words) - 1)
    begin, end = items[0][0], items[-1][1]
    other = ", ".join(words)
    return literals.said_again(line[:begin] + other + line[end:], begin + len(other), line[begin:end], other, language)


def _other(literal: str, language: str, way: int, chance: random.Random, *, signed: bool, strict: bool) -> str:
    if literal[0] in QUOTES:
        return _other_text(literal, way, chance, strict=strict)
    whole = re.fullmatch(r"\d{1,15}", literal)
    if whole and way == 2 and language in _FREELY and int(literal) > 0 and not signed:
        return f"-{literal}"
    if whole:
        large = int(literal) > 99 or language in _FREELY
        near = chance.randint(1, 3) if literal.endswith("00") else 60
        return str(int(literal) + (near if way == 1 else chance.choice((1000, 3000, 100) if large else (10, 20, 40))))
    if (real := re.fullmatch(r"(\d{1,15}\.\d*?)(\d)", literal)) and way == 1:
        return f"{literal}{chance.randint(1, 9)}"
    if real and way == 0:
        return f"{real[1]}{(int(real[2]) + chance.randint(1, 4)) % 5 + (5 if int(real[2]) < 5 else 0)}"
    return literal


def _other_text(literal: str, way: int, chance: random.Random, *, strict: bool) -> str:
    text = literal[1:-1]
    if "\\" in text or any(sign in text for sign in "$#@%`"):
        return literal
    if not text.isascii():  # letters composed otherwise
        return f"{literal[0]}{unicodedata.normalize('NFD', text)}{literal[0]}"
    if text.isdigit() and strict and way == 2:
        return f"{literal[0]}0{text}{literal[0]}"
    if way == 0:
        places = [at for at in range(len(text) - 1) if text[at] != text[at + 1] and text[at : at + 2].isalnum()]
        if places and (at := chance.choice(places)) >= 0:
            return f"{literal[0]}{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}{literal[0]}"
    elif way == 1:
        places = [at for at, letter in enumerate(text) if letter.isalpha()]
        if len(text) > 1 and places and (at := chance.choice(places)) >= 0:
            return f"{literal[0]}{text[:at]}{text[at].swapcase()}{text[at + 1 :]}{literal[0]}"
    elif len(text) > 1 and any(map(str.isalpha, text)):
        signs = [at for at, letter in enumerate(text) if letter in ".,;:!?-"]
        if signs and chance.random() < 0.5:
            at = chance.choice(signs)
            return f"{literal[0]}{text[:at]}{text[at + 1 :]}{literal[0]}"
        spaces = [at for at, letter in enumerate(text) if letter == " "]
        at = chance.choice(spaces) if spaces else chance.randint(1, len(text))
        sign = " " if spaces else chance.choice("  .-")
        return f"{literal[0]}{text[:at]}{sign}{text[at:]}{literal[0]}"
    return literal
