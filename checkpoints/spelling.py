"""Texts that spell a special token (`<|im_end|>`) mean its letters, never the token, and where in a rendered conversation an answer
begins: in training and in serving alike.

A chat template writes messages between tokens of its own, and the tokenizer reads both from one text. So before the template
sees it, each spelled token in a message gets a mark behind its first letter, and the rendered text is tokenised in the pieces
between the marks: no piece holds the token, and together they say what the message said.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

MARK = "\ufdd0"
"""A noncharacter of Unicode: no text that is meant for reading holds it."""
PROBE = "\u2603"
"""An answer that begins like nothing a template writes."""
EMPTY_THOUGHT = re.compile(r"\s*(?:<think>)?\s*</think>\s*")
Render = Callable[..., str]
"""What a chat template makes of messages, and of its own options by name."""


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


# --- where an answer begins


def prompts_before(render: Render, template: str, prompt: Sequence[Any], through: str) -> list[str]:
    """The prompts for the next turn that the template can write, of which the longest that `through` begins with is the
    context: what a prompt holds is not the model's to write, all else behind it is. An empty thinking block that the
    template writes whatever the answer is belongs to the prompt too.
    """
    found = [render(prompt, add_generation_prompt=True)]
    if "enable_thinking" in template:
        found += [render(prompt, add_generation_prompt=True, enable_thinking=on) for on in (False, True)]
    head = max(filter(through.startswith, found), key=len, default=None)
    if head is None or EMPTY_THOUGHT.match(through, len(head)):
        other = render([*prompt, {"role": "assistant", "content": PROBE}])
        if head is None:  # a thinking block that every prompt opens, and no conversation has: what is common to both
            head = _shared(found[0], other)
            if not head.startswith(render(prompt)):
                return found
            found.append(head)
        if empty := EMPTY_THOUGHT.match(other, len(head)):
            found.append(other[: empty.end()])
    return found


def longest(beginnings: Iterable[str], text: str) -> int:
    """The length of the longest of those with which the text begins; -1 where it begins with none."""
    return max((len(each) for each in beginnings if text.startswith(each)), default=-1)


def _shared(one: str, other: str) -> str:
    """What two texts begin with alike."""
    differ = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    return one[: min(len(one), len(other)) if differ is None else differ]
