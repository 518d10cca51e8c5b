"""Long texts are stored once, by their content: a document that is asked about forty times is one copy on disk.

In the stored JSON of a request, a result or a sample a reference stands for a long string; who reads gets the string.
"""

import hashlib
from collections.abc import Callable
from typing import Any

LONG = 512
"""Characters from which a string is stored by its content."""
MARK = "\x00text:"
"""Begins a reference; the text's name follows. A string of ours that begins so is stored by its content, however short."""
MARK_IN_JSON = "\\u0000text:"
"""What tells, before anything is parsed, that a JSON text may hold references."""


def put_away(value: Any, texts: dict[str, bytes]) -> Any:
    """The JSON `value` with a reference for each long string, which goes into `texts` (name -> UTF-8)."""
    if isinstance(value, str):
        if len(value) < LONG and not value.startswith(MARK):
            return value
        data = value.encode("utf-8", "surrogatepass")  # JSON allows lone surrogates
        name = hashlib.blake2b(data, digest_size=16).hexdigest()
        texts[name] = data
        return MARK + name
    if isinstance(value, dict):
        return {key: put_away(item, texts) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [put_away(item, texts) for item in value]
    return value


def bring_back(value: Any, find: Callable[[str], bytes | None]) -> Any:
    """The JSON `value` with the text that `find` knows in place of each reference."""
    if isinstance(value, str):
        if not value.startswith(MARK):
            return value
        data = find(value.removeprefix(MARK))
        return (
            value if data is None else data.decode("utf-8", "surrogatepass")
        )  # None: such a string of an older ledger
    if isinstance(value, dict):
        return {key: bring_back(item, find) for key, item in value.items()}
    if isinstance(value, list):
        return [bring_back(item, find) for item in value]
    return value
