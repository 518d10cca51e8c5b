"""Topic, intention and difficulty of a row (section 4.2.3), asked of a checkpoint in words of closed lists."""

import asyncio
from dataclasses import dataclass
from typing import Any

from generators.lab import Lab
from rows.forms import Text, read

TAGS = ("topic", "intention", "difficulty")
LONGEST = 3000
"""Characters shown of a prompt or an answer: what a row is about shows early, and a small context must hold it."""


@dataclass(frozen=True)
class Tags:
    """What the checkpoint says a row is; "" where its answer is no word of the list."""

    topic: str
    intention: str
    difficulty: str


async def tag(lab: Lab, row: Any) -> Tags:
    """Tag a row of any of the forms, or a `Text`. Raises ValueError where it is in none of them."""
    text = as_text(row)
    prompt, answer = shown(text)
    replies = await asyncio.gather(
        lab.ask("quality/topic", prompt=prompt, answer=answer),
        lab.ask("quality/intention", prompt=prompt),
        lab.ask("quality/difficulty", prompt=prompt),
    )
    return Tags(*(one_of(lab, f"quality/{name}", reply.text) for name, reply in zip(TAGS, replies, strict=True)))


def choices(lab: Lab, template: str) -> list[str]:
    """The words among which a template has the checkpoint choose; the user's own template may have others."""
    return [str(word) for word in lab.prompts.get(template).sampling.get("choice", [])]


def one_of(lab: Lab, template: str, answer: str) -> str:
    """The word of the template's list that an answer is; "" for anything else: a server may not know our grammar."""
    word = answer.strip().strip(".").lower()
    return next((choice for choice in choices(lab, template) if choice.lower() == word), "")


def as_text(row: Any) -> Text:
    """`row` as text."""
    text = row if isinstance(row, Text) else read(row)
    if text is None:
        raise ValueError(
            "a row needs `messages`, `prompt` and `completion`, `prompt` and `chosen`, `instruction` and `output`, or `text`"
        )
    return text


def shown(text: Text) -> tuple[str, str]:
    """(prompt, answer) as they are put to the checkpoint; plain text is its own prompt."""
    return clipped(text.prompt or text.answer), clipped(text.answer)


def clipped(text: str) -> str:
    """The beginning and the end of a long text."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}\n[...]\n{text[-LONGEST // 2 :]}"
