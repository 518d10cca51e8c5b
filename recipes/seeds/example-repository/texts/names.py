"""Names for links, files and people."""

import re

LONGEST = 20
_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


def slug(title: str) -> str:
    """A title as part of a link: lower case, words joined by hyphens, at most LONGEST characters, no hyphen at either end.

    >>> slug("Hello, World!")
    'hello-world'
    """
    return _NOT_A_LETTER.sub("-", title.lower()).strip("-")[:LONGEST].rstrip("-")


def initials(name: str) -> str:
    """`Ada Lovelace` becomes `A. L.`; a hyphenated name gives both of its letters."""
    return " ".join(f"{part[0].upper()}." for part in re.split(r"[\s-]+", name) if part)


def numbered(title: str, taken: list[str]) -> str:
    """The title's slug, with the first number from 2 on behind it that is not taken.

    >>> numbered("Hello", ["hello", "hello-2"])
    'hello-3'
    """
    base = slug(title)
    number, found = 1, base
    while found in taken:
        number += 1
        found = f"{base}-{number}"
    return found


def wrapped(text: str, width: int = 10) -> list[str]:
    """Lines of at most `width` characters, broken between words; a longer word has a line of its own."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines if text.split() else []
