"""What an answer is made of: words, sentences, paragraphs and marks, each counted by one rule. Answers may be hostile: every rule
takes time in proportion to the text.
"""

import json
import re
import unicodedata
from typing import Any, NoReturn

WORD = re.compile(r"\w+(?:['’-]\w+)*")
ALONE = re.compile(
    "[\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U000323af]"
)
"""Chinese characters and kana, written without spaces: each counts as a word."""
JOINERS = "\u00ad\u200c\u200d"
"""Soft hyphen and the joiners of Persian and Indian scripts: they end no word."""
END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s|$)|[。！？।॥؟۔]++")
"""The end of a sentence. Seen from the beginning of a run of full stops alone, so that a long one is read once."""
NUMBERED = re.compile(r"^[ \t]{0,20}\d{1,9}[.)][ \t]", re.M)
BULLET = re.compile(r"^[ \t]{0,20}[-*•+][ \t]+(?=\S)", re.M)
HEADING = re.compile(r"^#{1,6} +\S", re.M)
HIGHLIGHTED = re.compile(r"\*[^*\n]+\*")
PLACEHOLDER = re.compile(r"\[[^\[\]\n]+\]")
SCRIPTS = {
    "Arabic": ("ARABIC",),
    "Cyrillic": ("CYRILLIC",),
    "Devanagari": ("DEVANAGARI",),
    "Greek": ("GREEK",),
    "Han": ("CJK",),
    "Hangul": ("HANGUL",),
    "Hebrew": ("HEBREW",),
    "Japanese": ("HIRAGANA", "KATAKANA", "CJK"),
    "Latin": ("LATIN",),
    "Thai": ("THAI",),
}
"""Script -> how the Unicode names of its letters begin."""
MOSTLY = 0.9
"""Share of an answer's letters by which it is in a script: names and quotations may be in another."""


def words(text: str) -> int:
    """Runs of letters and digits with their marks (vowel signs, accents), and each Chinese character or kana; an apostrophe or a
    hyphen within one does not end it.
    """
    apart = "" if text.isascii() else "".join(ALONE.findall(text))
    return len(apart) + len(WORD.findall(ALONE.sub(" ", _unmarked(text)) if apart else _unmarked(text)))


def _unmarked(text: str) -> str:
    r"""Without combining marks, which `\w` takes for the end of a word: of Hindi it made two or three of each."""
    if text.isascii():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter)[0] != "M" and letter not in JOINERS)


def sentences(text: str) -> int:
    """Pieces with a word in them, ended by `.`, `!`, `?` or `…` before a space, or by `。！？`, `।`, `؟`, `۔`; the number of a list's item ends none."""
    return sum(WORD.search(piece) is not None for piece in END.split(NUMBERED.sub("", text)))


def paragraphs(text: str) -> int:
    """Blocks between empty lines."""
    lines = ["x" if line.strip() else "" for line in text.splitlines()]
    return sum(bool(line) and not before for before, line in zip(["", *lines], lines, strict=False))


def lines(text: str) -> int:
    """Lines that are not empty."""
    return sum(bool(line.strip()) for line in text.splitlines())


def bullets(text: str) -> int:
    """Lines that begin with `-`, `*`, `+` or `•` and a space."""
    return len(BULLET.findall(text))


def numbered(text: str) -> int:
    """Lines that begin with a number, a full stop or a bracket, and a space."""
    return len(NUMBERED.findall(text))


def headings(text: str) -> int:
    """Lines that Markdown makes headings of."""
    return len(HEADING.findall(text))


def highlighted(text: str) -> int:
    """Passages between asterisks, within a line."""
    return len(HIGHLIGHTED.findall(BULLET.sub("", text)))


def placeholders(text: str) -> int:
    """Passages in square brackets, within a line."""
    return len(PLACEHOLDER.findall(text))


def capitals(text: str) -> int:
    """Words of two letters or more that are all capitals."""
    return sum(len(word) > 1 and word.isupper() for word in WORD.findall(text))


def times(text: str, phrase: str) -> int:
    """How often a word or phrase stands there by itself, in any case."""
    return len(re.findall(_alone(phrase.casefold()), text.casefold()))


def letters(text: str, letter: str) -> int:
    """How often a letter stands there, in any case; `ß` is no `s`."""
    return sum(_small(one) == _small(letter) for one in text)


def _small(letter: str) -> str:
    folded = letter.casefold()
    return folded if len(folded) == 1 else letter.lower()


def _alone(phrase: str) -> str:
    """Where words are written apart, `cat` is not in `category`; scripts without spaces have no such borders."""
    before, after = (r"(?<!\w)" if _spaced(phrase[0]) else "", r"(?!\w)" if _spaced(phrase[-1]) else "")
    return f"{before}{re.escape(phrase)}{after}"


def _spaced(letter: str) -> bool:
    return letter.isdigit() or letter.lower() != letter.upper()


def is_json(text: str, keys: tuple[str, ...]) -> bool:
    """Whether the whole text is one value of JSON; with `keys` an object that has them all."""
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return False
    return not keys or (isinstance(found, dict) and found.keys() >= set(keys))


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def in_script(text: str, script: str) -> bool:
    """Whether nine of ten letters are of the script; a text without letters is in none."""
    letters: list[Any] = [letter for letter in text if letter.isalpha()]
    own = sum(unicodedata.name(letter, "").startswith(SCRIPTS[script]) for letter in letters)
    return bool(letters) and own >= MOSTLY * len(letters)
