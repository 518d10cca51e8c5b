"""Text that nobody vouches for (a program's, a model's), for a page, a terminal or a prompt: what a reader could not see,
or would be misled by, is shown.

`visible` is the rule; `head`, `tail` and `brief` also cut.
"""

from __future__ import annotations

import re

UNUSUAL = re.compile(r"[^\x20-\x7e\n\t]")
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks with nothing to see, which Python counts as printable; so are the variation selectors."""
LONGEST = 6_000
"""Characters shown of one text."""


def visible(text: object) -> str:
    """Control, zero-width and direction characters, lone surrogates and the like stand by number instead of acting."""
    return UNUSUAL.sub(_as_seen, str(text).replace("\r\n", "\n"))


def head(text: object) -> str:
    """The beginning, where all would be more than a page can bear."""
    whole = str(text)
    left = len(whole) - LONGEST
    return visible(whole) if left <= 0 else f"{visible(whole[:LONGEST])}\n… {left:,} more characters"


def brief(text: object, characters: int = 300) -> str:
    """One line's worth: an id, a rule, a message."""
    line = visible(str(text)[:characters]).replace("\n", " ")
    return line if len(str(text)) <= characters else f"{line} …"


def tail(text: object) -> str:
    """The end, where all would be more than a page can bear: a program's last words say most."""
    whole = str(text).rstrip("\n")
    left = len(whole) - LONGEST
    return visible(whole) if left <= 0 else f"… {left:,} characters before\n{visible(whole[-LONGEST:])}"


def _as_seen(found: re.Match[str]) -> str:
    character = found[0]
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    shown = character.isprintable() and character not in BLANK and not selector
    return character if shown else f"⟨{ord(character):02X}⟩"
