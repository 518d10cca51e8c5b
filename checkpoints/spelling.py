"""Texts that spell a special token (`<|im_end|>`) mean its letters, never the token: in training and in serving alike.

A chat template writes messages between tokens of its own, and the tokenizer reads both from one text. So before the template
sees it, each spelled token in a message gets a mark behind its first letter, and the rendered text is tokenised in the pieces
between the marks: no piece holds the token, and together they say what the message said.
"""

from __future__ import annotations

import functools
import re
from typing import Any

MARK = "\ufdd0"
"""A noncharacter of Unicode: no text that is meant for reading holds it."""


def special_texts(tokenizer: Any) -> tuple[str, ...]:
    """The texts of a tokenizer's special tokens, sorted."""
    declared = (str(token) for token in tokenizer.added_tokens_decoder.values() if token.special)
    return tuple(sorted({*declared, *tokenizer.all_special_tokens} - {""}))


def marked(value: Any, specials: tuple[str, ...]) -> Any:
    """`value`, a text or an object or list of texts at any depth, with a mark in each special token that it spells.

    A special token of one letter cannot be told from that letter, and is left.
    """
    return _marked(value, _pattern(specials))


@functools.lru_cache(16)
def _pattern(specials: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?={re.escape(special)})" for special in specials if len(special) > 1) or "(?!)")


def _marked(value: Any, found: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        value = value.replace(MARK, "")
        places = [match.start() + 1 for match in found.finditer(value)]
        return MARK.join(value[start:end] for start, end in zip([0, *places], [*places, None], strict=True))
    if isinstance(value, dict):
        return {_marked(key, found): _marked(held, found) for key, held in value.items()}
    if isinstance(value, list):
        return [_marked(held, found) for held in value]
    return value


def token_ids(tokenizer: Any, text: str) -> list[int]:
    """The ids of a rendered text, without its marks; any BOS is the template's."""
    pieces = [piece for piece in text.split(MARK) if piece]
    return [id_ for piece in pieces for id_ in tokenizer(piece, add_special_tokens=False)["input_ids"]]
