"""Text of others as it may be passed on, and shown. Lone surrogates: JSON and Python strings may hold them, UTF-8 and every library
here refuses them; cleaned here.
"""

import unicodedata
from collections.abc import Iterable
from typing import Any

LONGEST_SHOWN = 60
"""Characters of a value or name that a message quotes."""
LONGEST_NAME = 40
"""Of one of many."""
MOST_SHOWN = 12
"""Names that it lists."""


def shown(value: Any, longest: int = LONGEST_SHOWN) -> str:
    """A value of somebody's row as a message quotes it: what it begins with, in one line."""
    # No more of it is looked at than is shown: a row may be 8 MiB long.
    text = encodable(value[: longest + 1] if isinstance(value, str) else str(value))
    return " ".join(text.split()) if len(text) <= longest else f"{' '.join(text[:longest].split())}..."


def listed(names: Iterable[Any]) -> str:
    """Names that a row or a file has, as a message lists them: the first of them; `nothing` for none."""
    every = list(names)
    more = f" and {len(every) - MOST_SHOWN} more" if len(every) > MOST_SHOWN else ""
    return ", ".join(shown(name, LONGEST_NAME) for name in every[:MOST_SHOWN]) + more if every else "nothing"


def encodable(text: str) -> str:
    """`text` with a question mark in the place of each lone surrogate."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode()


def encodable_value(value: Any) -> Any:
    """A value of a row whose strings, keys among them, are all encodable, at any depth; tuples become lists."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {encodable_value(key): encodable_value(item) for key, item in value.items()}
    return [encodable_value(item) for item in value] if isinstance(value, list | tuple) else value


def composed(text: str) -> str:
    """`text` with a letter and its marks as one character where there is one (Unicode's NFC): what looks alike is compared alike."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
