"""How much is read of what others wrote, in one table, and JSON read within it. Text of YAML: `recipes.reading.limits`; requests
and programs: `sandbox.service.bodies`, `sandbox.policy`.
"""

import json
from pathlib import Path
from typing import Any

from rows.places import open_regular

LONGEST_LINE = 8 << 20
"""Bytes of one row; a longer line is no row, and no more of it is held."""
LONGEST_DOCUMENT = 256 << 20
"""Bytes of a line that is a document to train on."""
LARGEST_ARRAY = 1 << 30
"""Bytes of a file of the Hub whose rows are one array."""
LARGEST_JSON = 64 << 20
"""Bytes of a file that is one JSON value, or one text."""
DEEPEST = 100
"""Lists and objects within one another."""
BATCH = 1024
"""Rows held at a time."""
LARGEST_PAGE = 512 << 20
"""Bytes that a page of a Parquet file may unpack to."""
LARGEST_BATCH = 512 << 20
"""Bytes of the rows held at a time, as far as dictionaries tell; fewer rows are taken at once where they are longer."""
LARGEST_GROUP = 4 << 30
"""Bytes that a row group may unpack to where it is held at once,"""
MOST_FOLD = 1000
"""or, where one row may have all of it, that many times the bytes that it has in the file."""
MOST_ROWS = 1 << 24
"""Rows of a row group that are believed before its pages are counted."""
LARGEST_HEADER = 16 << 20
"""Bytes of a page's header: statistics of long texts may stand in it."""


class RowsError(Exception):
    """A source cannot be opened, read on or written; the message names it and says why."""


def json_of(text: str | bytes) -> Any:
    """The value that the text is. Raises ValueError, also where it is nested deeper than `DEEPEST`: who gets it may bear less
    than the parser does.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError(f"nested more than {DEEPEST} deep") from None
    opening = text.count("[") + text.count("{") if isinstance(text, str) else text.count(b"[") + text.count(b"{")
    if opening > DEEPEST and _deeper(value):
        raise ValueError(f"nested more than {DEEPEST} deep")
    return value


def object_in(path: Path) -> dict[str, Any]:
    """The JSON object that a file holds, such as a run writes of itself. Raises RowsError: missing, no file, larger than
    `LARGEST_JSON`, no JSON, too deep, no object.
    """
    try:
        with open_regular(path) as file:
            text = file.read(LARGEST_JSON + 1)
        if len(text) > LARGEST_JSON:
            raise ValueError(f"larger than {LARGEST_JSON >> 20} MiB")
        value = json_of(text)
    except FileNotFoundError:
        raise RowsError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise RowsError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not isinstance(value, dict):
        raise RowsError(f"{path}: holds no object")
    return value


def _deeper(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            item
            for holder in level
            if isinstance(holder, dict | list)
            for item in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(item, dict | list)
        ]
        if not level:
            return False
    return True
