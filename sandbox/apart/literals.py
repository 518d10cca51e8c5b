"""Literals of other languages as tagged values: a bounded scanner that knows plain data and nothing else.

A tagged value is a list, as the drivers print it in JSON: `["i", "12"]`, `["f", "1.5"]`, `["s", "text"]`, `["b", true]`,
`["n"]` (nothing), `["l", [values]]`, `["m", [[key, value], ...]]`, `["set", [values]]`. A scalar of another kind than its
language's usual one says so in a third place: Java's `["i", "12", "long"]`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Tagged = list[Any]
DEEPEST = 12
LONGEST = 200_000
"""Characters of a test script that are looked at."""

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,300})(?![\w.])")
_FLOAT = re.compile(r"-?(?:0|[1-9]\d{0,17})\.\d{1,25}(?:[eE][-+]?\d{1,3})?(?![\w.])")
_SPACE = re.compile(r"\s*")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}


class Unknown(Exception):
    """Not a literal that is known."""


@dataclass(frozen=True)
class Notation:
    """How a language writes plain values down."""

    words: dict[str, Tagged]
    """`true`, `false`, nothing."""
    lists: tuple[tuple[str, str], ...] = ((r"\[", "]"),)
    """What opens a list, as a pattern, and what closes it."""
    maps: tuple[tuple[str, str], ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    wraps: tuple[tuple[str, str], ...] = ()
    """What may stand around a value and says its type alone."""
    arrow: str = ":"
    bare_keys: str = ""
    """A pattern of keys without quotes."""
    bare_tag: str = "s"
    """What they are."""
    raw_quotes: str = ""
    """Quotes between which only themselves and the backslash are escaped."""
    quotes: str = "\"'"
    unquotable: str = ""
    """Characters that would mean something else between full quotes."""
    itself: str = ""
    """Characters that a backslash leaves as they are."""
    no_escape: str = ""
    """Characters before which, between full quotes, a backslash is one."""
    one_number: bool = False
    """Whether integers are floats."""
    numbers: tuple[tuple[str, str, str], ...] = ()
    """Further ways to write one: pattern (group 1 is what it says), tag, kind (`single`: rounded to 32 bits). Looked at
    before the usual ones."""
    letter: str = ""
    """The quote around a single letter, which is no text."""
    letter_is_number: bool = False
    """Whether it equals the number that stands for it."""
    blocks: tuple[tuple[str, str, str], ...] = ()
    """What opens a collection that is filled by calls and ends with `}}`, the call of one item, the tag."""
    array_maps: bool = False
    """Whether a list may hold `key => value`, and is a map then."""
    typed: Callable[[str, Tagged], Tagged] = lambda written, value: value
    """What a value is by what is written before its bracket, or by the type of its variable; may raise Unknown."""
    words_end: re.Pattern[str] = field(default=re.compile(r"(?!\w)"), repr=False)


def scan(notation: Notation, text: str, at: int, depth: int = 0) -> tuple[Tagged, int]:
    """The literal at a place, and the place after it. Raises Unknown."""
    if depth > DEEPEST:
        raise Unknown
    at = skip(text, at)
    for word, value in notation.words.items():
        if text.startswith(word, at) and notation.words_end.match(text, at + len(word)):
            return value, at + len(word)
    if notation.letter and text.startswith(notation.letter, at):
        value, at = _text(notation, text, at)
        if len(value[1]) != 1:
            raise Unknown
        if not notation.letter_is_number:
            return [*value, "letter"], at
        if not value[1].isascii():
            raise Unknown
        return ["i", str(ord(value[1]))], at
    if text[at : at + 1] in tuple(notation.quotes):
        return _text(notation, text, at)
    for pattern, tag, kind in notation.numbers:
        if match := re.compile(pattern).match(text, at):
            if kind == "single":
                return [tag, repr(struct.unpack("f", struct.pack("f", float(match[1])))[0])], match.end()
            return [tag, match[1], kind] if kind else [tag, match[1]], match.end()
    if match := _FLOAT.match(text, at):
        return ["f", match[0]], match.end()
    if match := _INTEGER.match(text, at):
        return ["f" if notation.one_number else "i", match[0]], match.end()
    for opening, call, tag in notation.blocks:
        if match := re.compile(opening).match(text, at):
            value, at = _block(notation, text, match.end(), call, tag, depth)
            return _once(value), at
    for opening, closing in notation.wraps:
        if match := re.compile(opening).match(text, at):
            value, at = scan(notation, text, match.end(), depth + 1)
            return notation.typed(match[0], value), expect(text, at, closing)
    for tag, brackets in (("set", notation.sets), ("m", notation.maps), ("l", notation.lists)):
        for opening, closing in brackets:
            if match := re.compile(opening).match(text, at):
                value, at = _items(notation, text, match.end(), closing, tag, depth)
                return _once(notation.typed(match[0], value)), at
    raise Unknown


def _once(value: Tagged) -> Tagged:
    """Of what is written twice in a set one, but of JavaScript's lists and objects, each of which is itself alone."""
    if value[0] != "set" or any(item[0] in ("l", "m", "set") for item in value[1]):
        return value
    return ["set", list({repr(item): item for item in value[1]}.values())]


def skip(text: str, at: int) -> int:
    """The place after white space."""
    return _SPACE.match(text, at).end()  # type: ignore[union-attr]


def expect(text: str, at: int, word: str) -> int:
    """The place after a word that has to be there. Raises Unknown."""
    at = skip(text, at)
    if not text.startswith(word, at):
        raise Unknown
    return at + len(word)


def _block(notation: Notation, text: str, at: int, call: str, tag: str, depth: int) -> tuple[Tagged, int]:
    items: list[Any] = []
    while not text.startswith("}}", at := skip(text, at)):
        item, at = scan(notation, text, expect(text, at, call), depth + 1)
        if tag == "m":
            value, at = scan(notation, text, expect(text, at, ","), depth + 1)
            item = [item, value]
        items.append(item)
        at = expect(text, expect(text, at, ")"), ";")
    return [tag, items], at + 2


def _items(notation: Notation, text: str, at: int, closing: str, tag: str, depth: int) -> tuple[Tagged, int]:
    items: list[Any] = []
    keyed = tag == "m"
    while True:
        at = skip(text, at)
        if text.startswith(closing, at):
            break
        bare = re.compile(notation.bare_keys).match(text, at) if keyed and notation.bare_keys else None
        item, at = (
            ([notation.bare_tag, bare[0].rstrip(":").rstrip()], bare.end())
            if bare
            else scan(notation, text, at, depth + 1)
        )
        at = skip(text, at)
        if notation.array_maps and not items and text.startswith(notation.arrow, at):
            keyed = True
        if keyed:
            if not (bare and bare[0].endswith(":")):
                at = expect(text, at, notation.arrow)
            value, at = scan(notation, text, at, depth + 1)
            items.append([item, value])
        else:
            items.append(item)
        at = skip(text, at)
        if text.startswith(",", at):
            at += 1
        elif not text.startswith(closing, at):
            raise Unknown
    return ["m" if keyed else tag, items], at + len(closing)


def _text(notation: Notation, text: str, at: int) -> tuple[Tagged, int]:
    """Text between quotes; not where it holds what stands for bytes that are no text."""
    quote, letters = text[at], []
    raw = quote in notation.raw_quotes
    at += 1
    while at < len(text) and text[at] != quote:
        letter = text[at]
        if letter in "\n\ufffd" or (not raw and letter in notation.unquotable):
            raise Unknown
        if letter == "\\":
            at += 1
            following = text[at : at + 1]
            if raw:
                letter = following if following in (quote, "\\") else "\\" + following
            elif following and following in _ESCAPES:
                letter = _ESCAPES[following] if following not in notation.no_escape else "\\" + following
            elif following and following in notation.itself:
                letter = following
            else:
                raise Unknown
        letters.append(letter)
        at += 1
    if at >= len(text):
        raise Unknown
    return ["s", "".join(letters)], at + 1
