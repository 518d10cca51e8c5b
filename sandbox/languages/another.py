"""Another value in the place of an expected one, which a program that sees it cannot tell from it."""

from __future__ import annotations

import re

_CHARACTERS = frozenset({"c", "cpp", "java", "csharp", "go", "rust"})
"""Languages in which single quotes hold a character."""
_OTHER = {"true": "false", "false": "true", "True": "False", "False": "True"}
_OTHER_WORDS = {**_OTHER, "yes": "no", "no": "yes", "Yes": "No", "No": "Yes", "YES": "NO", "NO": "YES"}
_ESCAPE = re.compile(r"\\(?:u\{[^}]*\}|[uU][\da-fA-F]{4,8}|x[\da-fA-F]{1,2}|[0-7]{1,3}|.)")
_WRITTEN_OTHERWISE = re.compile(r"0[xX]|0\d|.*[_eE]")
"""Numbers that a plain one in their place would tell from."""
EDGE = 0
"""In the place of how far another value is: 0, -1, nothing, an empty text or list, whatever was expected."""
_UNSIGNED = frozenset({"rust", "go"})
"""Languages that compile no -1 where a number has no sign."""
TOLERANCE = 0.1
"""Smaller numbers are taken for tolerances and stay."""


def another_row(line: str, far: int) -> str:
    """An expected row of SQL, whose last value is bare."""
    head, separator, value = line.rpartition("|") if "|" in line else line.partition("-- =>")
    text = value.strip()
    other = str(int(text) + _step(far, 0)) if re.fullmatch(r"-?\d+", text) else other_letters(text, far, None)
    return f"{head}{separator} {other}" if separator == "-- =>" else f"{head}{separator}{other}"


def _step(far: int, nth: int) -> int:
    """How far a number goes: no sum of the others in its line."""
    return (1 + (far - 1) % 3) * 2 ** (nth % 4)


def another(literal: str, far: int, language: str, nth: int | None = None) -> str:
    """Another value of the same type; the literal itself where it is none, such as a string with a call in it. `nth`:
    which it is among several; None where it stands alone, and may become its opposite.
    """
    if literal in _OTHER:
        return _OTHER[literal]
    if far == EDGE and nth is None and literal == "0" and language not in _UNSIGNED:
        return "-1"
    if literal[0] in "\"'`":
        return _other_text(literal, far, language, nth)
    step = _step(far, nth or 0)
    number, suffix = re.fullmatch(
        r"(0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)([a-zA-Z_]\w*)?", literal
    ).groups("")  # type: ignore[union-attr]
    if _WRITTEN_OTHERWISE.match(number):
        real = 0.0 if number[:2] in ("0x", "0X") else float(number)
        return literal if 0 < real < TOLERANCE else _last_digit(number, far + (nth or 0)) + suffix
    if far == EDGE and nth is None and float(number) >= 1:
        return f"{0:.{len(number.partition('.')[2])}f}{suffix}"
    if number.isdigit():
        value = int(number)
        if value < 2 and nth is None:  # what gives nothing else than these must not be seen to be asked for more
            return f"{1 - value}{suffix}"
        zeros = len(number) - len(number.rstrip("0"))
        step *= 10**zeros if zeros > 1 else 1
        return f"{value - step if value - step > 97 or (value > step and far % 2 == 0) else value + step}{suffix}"
    real = float(number)
    if 0 < real < TOLERANCE:
        return literal
    return f"{real + step:.{len(number.partition('.')[2])}f}{suffix}"


def _last_digit(number: str, far: int) -> str:
    """A number written in a way of its own (`0xFF`, `1_000`, `0755`, `1.5e6`) with another last digit, or last but its
    exponent, of the same kind.
    """
    base = number[2:] if number[:2] in ("0x", "0X") else re.split("[eE]", number)[0]
    begin = 2 if number[:2] in ("0x", "0X") else 0
    digit = base[-1]
    alphabet = "abcdef" if digit.islower() else "ABCDEF" if digit.isupper() else "01234567"
    others = [other for other in alphabet if other != digit and (other != "0" or len(base) > 1)]
    return number[: begin + len(base) - 1] + others[far % len(others)] + number[begin + len(base) :]


def _other_text(literal: str, far: int, language: str, nth: int | None) -> str:
    quote, text = literal[0], literal[1:-1]
    if quote == "`" and language not in ("javascript", "typescript", "go"):
        return literal
    if "#{" in text or (quote == "`" and "${" in text):
        return literal
    if quote == '"' and language in ("bash", "perl", "php") and re.search(r"(?<!\\)[$@]", text):
        return literal
    if quote == "'" and language in _CHARACTERS and not text.isalnum():
        return "'a'" if text else literal
    letter = quote == "'" and language in _CHARACTERS
    if far == EDGE and nth is None and text and text not in _OTHER_WORDS and not letter:
        return quote * 2
    return f"{quote}{other_letters(text, far, nth)}{quote}"


def other_letters(text: str, far: int, nth: int | None) -> str:
    """Another text: one letter or digit becomes another that stands in it, or the next; not in an escape."""
    if nth is None and text in _OTHER_WORDS:
        return _OTHER_WORDS[text]
    plain = _ESCAPE.sub(lambda found: "\\" * len(found[0]), text)
    places = [at for at, letter in enumerate(plain) if letter.isascii() and letter.isalnum()]
    if not places:
        return text + chr(ord("a") + far % 26)
    at = places[far % len(places)]
    old = text[at]
    alike = sorted(
        {text[n] for n in places if text[n].isdigit() == old.isdigit() and text[n].islower() == old.islower()}
    )
    others = [letter for letter in alike if letter.lower() != old.lower()]
    first, many = (ord("0"), 10) if old.isdigit() else (ord("a") if old.islower() else ord("A"), 26)
    new = others[far % len(others)] if others else chr(first + (ord(old) - first + 1 + far % (many - 1)) % many)
    return text[:at] + new + text[at + 1 :]
