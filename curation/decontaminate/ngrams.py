"""Looks up which evaluation item a text holds word for word, wholly or for the most part.

As in section 5.1.4 of the paper a token counts as contaminated when it lies in an n-gram found on both sides, and the share of such
tokens decides. The share is that of the *item*, so that one hidden in a long dialogue weighs as much as one that stands alone, and
a word weighs the more the fewer items have it: `write a function to find the volume of a` is not yet the volume of a cuboid.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rows.encoding import composed

COMMON_ITEMS = 10
COMMON_SHARE = 0.01
"""An n-gram of more items than either is a phrase of the benchmark, not one of its items."""
EVIDENCE = 160
"""Characters shown of what matched."""
WORD = re.compile(r"\w+")
TOKEN = re.compile(r"\w+|[^\w\s]")
UNSPACED_SCRIPTS = (
    "\u0e00-\u0e4f\u0e80-\u0ecf\u1000-\u103f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer, without their digits
    "\u3041-\u309f\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # kana, Han
)
"""Scripts that put no spaces between words."""
UNSPACED = re.compile(f"[{UNSPACED_SCRIPTS}]")
NO_WORD = re.compile(rf"[^\w{UNSPACED_SCRIPTS}]+")
UNSPACED_RUN = re.compile(rf"([{UNSPACED_SCRIPTS}](?:[^\w{UNSPACED_SCRIPTS}]*[{UNSPACED_SCRIPTS}])*)")
CALCULATION = re.compile(r"<<[^<>\n]{0,80}>>")
"""GSM8K's calculator marks: a copy without them is still a copy."""


@dataclass(frozen=True)
class Hit:
    """A row holds an evaluation item."""

    item: str
    reason: str
    """`task_text`, `answer_text`, `program_text`, `same_program` or `same_statements`."""
    overlap: float
    """Share of the item found in the row."""
    matched: str
    """The words or the function that both have."""

    def to_dict(self) -> dict[str, object]:
        return {"item": self.item, "overlap": round(self.overlap, 3), "matched": self.matched}


@dataclass(frozen=True)
class Passage:
    """A text of an evaluation item: its task, its task in sentences alone, an answer, a program."""

    item: int
    """The number of the item in its sets."""
    name: str
    reason: str
    text: str


@dataclass(frozen=True)
class Measure:
    """What is compared, and how much of an item makes a hit."""

    split: Callable[[str], list[str]]
    size: int
    """Tokens of an n-gram."""
    fewest: int
    """Tokens of a passage; a shorter one occurs everywhere by chance."""
    covered: float
    """Share of a passage's weight from which on it counts as held."""
    long_run: int
    """Tokens in one piece, numbers not counted, that give an item away whatever its length."""


def words(text: str) -> list[str]:
    """Lower-case words and numbers; punctuation, layout and calculator marks do not count. Of a script that puts no spaces
    between words the pairs of neighbouring characters stand for them, over punctuation too.
    """
    text = composed(CALCULATION.sub("", text) if "<<" in text else text).lower()
    if text.isascii() or not UNSPACED.search(text):
        return WORD.findall(text)
    found: list[str] = []
    for piece in UNSPACED_RUN.split(text):
        if UNSPACED.match(piece):
            run = NO_WORD.sub("", piece)
            found += map("".join, itertools.pairwise(run)) if len(run) > 1 else [run]
        else:
            found += WORD.findall(piece)
    return found


def tokens(text: str) -> list[str]:
    """Words and operators; layout does not count."""
    return TOKEN.findall(composed(text))


PROSE = Measure(words, size=8, fewest=6, covered=0.7, long_run=25)
"""8-grams as in the paper. Most tasks of one benchmark that differ in the thing asked for stay below 0.7."""
CODE = Measure(tokens, size=16, fewest=24, covered=0.8, long_run=10_000)
"""One loop's tokens are those of the next: runs twice as long, and nearly all of the program must be there."""


class NGrams:
    """The n-grams of some passages, ready to be looked up; nothing is kept of what is looked up."""

    def __init__(self, passages: Sequence[Passage], measure: Measure) -> None:
        self.measure = measure
        self._numbers: dict[str, int] = {}
        """Every token there is here; an n-gram with another one cannot match."""
        self._places: dict[int, list[tuple[int, int]]] = {}
        """hash of an n-gram -> (passage, position) of each place where it stands"""
        self._short: set[int] = set()
        """Lengths of passages shorter than an n-gram: those must be there whole."""
        self._passages = [p for p in passages if len(measure.split(p.text)) >= measure.fewest]
        self._tokens = [measure.split(passage.text) for passage in self._passages]
        for number, tokens_ in enumerate(self._tokens):
            self._add(number, tokens_)
        weight_of = self._weights()
        self._weights_of = [[weight_of[token] for token in tokens_] for tokens_ in self._tokens]
        self._countable = self._without_common()

    @property
    def items(self) -> set[int]:
        """The items that can be recognised here."""
        return {p.item for p, countable in zip(self._passages, self._countable, strict=True) if countable}

    def find(self, text: str) -> Hit | None:
        """The item that `text` holds most of, or None."""
        numbers = [self._numbers.get(token, -1) for token in self.measure.split(text)]
        found: dict[int, set[int]] = {}
        for size in (self.measure.size, *self._short):
            # Each once: a row that says one thing a million times costs no more than one that says it twice.
            for gram in dict.fromkeys(map(hash, zip(*(numbers[at:] for at in range(size)), strict=False))):
                if gram in self._places:
                    for passage, position in self._places[gram]:
                        found.setdefault(passage, set()).update(range(position, position + size))
        hits = [hit for passage, positions in found.items() if (hit := self._judge(passage, positions))]
        return max(hits, key=lambda hit: hit.overlap, default=None)

    def _judge(self, number: int, positions: set[int]) -> Hit | None:
        """Whether what was found of a passage makes a hit; phrases common to many items count on neither side."""
        covered = sorted(positions & self._countable[number])
        if not covered:
            return None
        weights = self._weights_of[number]
        share = sum(weights[at] for at in covered) / sum(weights[at] for at in self._countable[number])
        start, length = _longest_run(covered)
        run = self._tokens[number][start : start + length]
        if share < self.measure.covered and sum(not token.isdigit() for token in run) < self.measure.long_run:
            return None
        passage, matched = self._passages[number], " ".join(run)[:EVIDENCE]
        return Hit(passage.name, passage.reason, share, matched)

    def _add(self, number: int, tokens_: list[str]) -> None:
        numbers = [self._numbers.setdefault(token, len(self._numbers)) for token in tokens_]
        size = min(self.measure.size, len(numbers))
        if size < self.measure.size:
            self._short.add(size)
        for position in range(len(numbers) - size + 1):
            gram = hash(tuple(numbers[position : position + size]))
            self._places.setdefault(gram, []).append((number, position))

    def _weights(self) -> dict[str, float]:
        """log((items + 1) / items that have the token), as in information retrieval."""
        having: Counter[str] = Counter()
        by_item: dict[int, set[str]] = {}
        for passage, tokens_ in zip(self._passages, self._tokens, strict=True):
            by_item.setdefault(passage.item, set()).update(tokens_)
        for held in by_item.values():
            having.update(held)
        return {token: math.log((len(by_item) + 1) / count) for token, count in having.items()}

    def _without_common(self) -> list[set[int]]:
        """For each passage the positions that count: those in some n-gram that is not a phrase of the whole set."""
        most = max(COMMON_ITEMS, COMMON_SHARE * len({passage.item for passage in self._passages}))
        countable: list[set[int]] = [set() for _ in self._passages]
        for gram, places in list(self._places.items()):
            if len({self._passages[number].item for number, _ in places}) > most:
                del self._places[gram]
                continue
            for number, position in places:
                countable[number].update(range(position, min(position + self.measure.size, len(self._tokens[number]))))
        return countable


def _longest_run(positions: list[int]) -> tuple[int, int]:
    """(first, length) of the longest run of neighbours."""
    best, start = (positions[0], 1), positions[0]
    for before, position in itertools.pairwise(positions):
        if position != before + 1:
            start = position
        if position - start + 1 > best[1]:
            best = (start, position - start + 1)
    return best
