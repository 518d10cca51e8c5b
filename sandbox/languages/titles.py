"""What titles, names and comments say of an expected value, where a control expects another: a program that reads them would
know from one that was left what is right.
"""

from __future__ import annotations

import re

from sandbox.languages.literals import LITERAL
from sandbox.languages.script import words_of

_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_FARTHEST = 12
"""Lines above a test that are looked at for its title and its comments."""
_TITLE = re.compile(
    r"^\s*(?:(?:it|test|describe|specify|context|should|subtest|[tb]\.Run|TEST_CASE|SECTION|SUBCASE|SCENARIO)\b[\s.(\w]*"
    r"|@DisplayName\s*\(\s*|@testdox\s)(?=[\"'`])"
)
_NAMED = re.compile(
    r"^\s*(?:[\w@]+\s+)*?(?:def|fn|func|function|void|sub)\s+(\w+)|^\s*TEST(?:_F|_P)?\s*\(\s*\w+\s*,\s*(\w+)"
)
_COMMENT = re.compile(r"(?:(?:^|\s)(?:#|//|--\s|/\*)|^\s*\*)(?!\[).*$")
_SAYS = re.compile(r"(?:returns?|gives?|is|be|equals?|yields?|into|to|makes?|=|=>|->|→|_)\W*$", re.IGNORECASE)


def retitled(old: list[str], new: list[str]) -> list[str]:
    """The changed lines of a script, with what stands above each of them in titles, names of tests and comments of a
    value changed as that was.
    """
    made = list(new)
    for number, (was, now) in enumerate(zip(old, new, strict=True)):
        changes = _changes(was, now) if was != now else []
        for at in range(number, max(-1, number - _FARTHEST), -1) if changes else ():
            titled = _TITLE.match(old[at])
            begin = titled.end() if titled else -1
            comment = _COMMENT.search(old[at])
            if titled:
                end = _end_of_text(made[at], begin)
                made[at] = made[at][:begin] + _other(made[at][begin:end], changes) + made[at][end:]
            elif comment and at < number and old[at] == made[at][: comment.start()] + old[at][comment.start() :]:
                made[at] = made[at][: comment.start()] + _other(made[at][comment.start() :], changes)
            elif named := _NAMED.match(old[at]):
                _rename(made, named[1] or named[2], changes)
            if at < number and (titled or _NAMED.match(old[at])):
                break
    return made


def _changes(was: str, now: str) -> list[tuple[str, str]]:
    """Texts that stand for another: the whole of what differs, then value by value."""
    before, after = list(LITERAL.finditer(was)), list(LITERAL.finditer(now))
    if len(before) != len(after):
        first = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a[0] != b[0]), -1)
        return [(words_of(before[first][0]), words_of(after[first][0]))] if first >= 0 and before and after else []
    differ = [n for n in range(len(before)) if before[n][0] != after[n][0]]
    if not differ:
        return []
    run = slice(differ[0], differ[-1] + 1)
    whole = [was[before[run][0].start() : before[run][-1].end()], now[after[run][0].start() : after[run][-1].end()]]
    alone = [(words_of(before[n][0]), words_of(after[n][0])) for n in differ]
    return [(whole[0], whole[1]), *alone, *(pair for was, now in alone for pair in _in_words(was, now))]


def _in_words(was: str, now: str) -> list[tuple[str, str]]:
    if not all(re.fullmatch(r"\d{1,2}", one) and int(one) < len(_WORDS) for one in (was, now)):
        return []
    return [(_WORDS[int(was)], _WORDS[int(now)]), (_WORDS[int(was)].title(), _WORDS[int(now)].title())]


def _other(text: str, changes: list[tuple[str, str]], edge: str = r"\w.") -> str:
    """A text in which the first change is made that it has a place for, or each of the others: at the last place, or the
    last that says so.
    """
    for at, (was, now) in enumerate(changes):
        places = [*re.finditer(rf"(?<![{edge}]){re.escape(was)}(?![{edge.rstrip('.')}]|\.\d)", text)] if was else []
        if not places:
            continue
        place = next((one for one in reversed(places) if _SAYS.search(text[: one.start()])), places[-1])
        text = text[: place.start()] + now + text[place.end() :]
        if at == 0:
            break
    return text


def _rename(lines: list[str], name: str, changes: list[tuple[str, str]]) -> None:
    """Change the numbers and words in the name of a test, wherever it stands; not to a name that there is."""
    words = [(was, now) for was, now in changes if re.fullmatch(r"\w+", was) and re.fullmatch(r"\w+", now)]
    other = _other(name, words, r"\d")
    taken, own = (re.compile(rf"(?<!\w){one}(?!\w)") for one in (other, name))
    if not any(map(taken.search, lines)):
        lines[:] = [own.sub(other, line) for line in lines]


def _end_of_text(line: str, begin: int) -> int:
    quote = line[begin]
    at = begin + 1
    while at < len(line) and line[at] != quote:
        at += 1 + (line[at] == "\\")
    return min(at + 1, len(line))
