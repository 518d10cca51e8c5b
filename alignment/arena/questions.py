"""What a person is asked about: prompts to be answered, or prompts with two answers that are there already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alignment.errors import AlignmentError
from generators.seeds.fields import request
from rows.encoding import encodable_value
from rows.messages import Message
from rows.readers import BadRow, EmptyLine, RowsError, stream


@dataclass(frozen=True)
class Question:
    """A conversation that ends with its user's turn, and both answers where the file has them."""

    key: str
    """Names its content: the same question has the same key in another file, or at another place."""
    prompt: list[Message]
    category: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    """(who wrote it, text), twice or not at all."""


def questions_in(file: Path, *, ready: bool) -> list[Question]:
    """The questions of a file of rows, each once, in order. Raises AlignmentError with the place of a row that is none.

    A row is read as a request (`generators.seeds.fields.request`): a text, or a conversation up to what its user says last; it may
    have a `category`. Where they are `ready`, `answers` maps who wrote an answer to its text, two in each row.
    """
    found: dict[str, Question] = {}
    try:
        for place, row in stream(file):
            if isinstance(row, EmptyLine):
                continue
            if isinstance(row, BadRow):
                raise AlignmentError(f"{place}: {row}")
            question = _question(row, place, ready)
            found.setdefault(question.key, question)
    except RowsError as error:
        raise AlignmentError(str(error)) from None
    if not found:
        raise AlignmentError(f"{file}: it has no rows; a row is a prompt{' with two answers' if ready else ''}")
    questions = list(found.values())
    if ready and (why := [hopeless([text for _, text in question.answers]) for question in questions]) and all(why):
        counts = ", ".join(f"{why.count(name)} {name}" for name in sorted({*why}))
        raise AlignmentError(f"{file}: no two answers in it that could be told apart: {counts}")
    return questions


def _question(row: Any, place: str, ready: bool) -> Question:
    if not isinstance(row, Mapping):
        raise AlignmentError(f"{place}: no object with a `prompt`")
    row = encodable_value(row)
    prompt = _prompt(row, place)
    answers = _answers(row.get("answers"), place) if ready else ()
    category = row.get("category")
    content = json.dumps([prompt, answers], sort_keys=True)
    return Question(
        hashlib.sha256(content.encode()).hexdigest()[:32],
        prompt,
        category if isinstance(category, str) else "",
        answers,
    )


def _prompt(row: Mapping[str, Any], place: str) -> list[Message]:
    try:
        return list(request(dict(row), 0).messages)
    except ValueError as error:
        raise AlignmentError(f"{place}: {error}") from None


def _answers(given: Any, place: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, Mapping) or len(given) != 2 or not all(isinstance(text, str) for text in given.values()):
        raise AlignmentError(
            f'{place}: `answers` must hold two texts by who wrote them: {{"NAME": "...", "OTHER": "..."}}'
        )
    return tuple((str(by), text) for by, text in given.items())


def hopeless(answers: Sequence[str]) -> str:
    """Why no training could learn from the two answers, whichever is better; empty where one could."""
    if any(not answer.strip() for answer in answers):
        return "empty"
    return "identical" if answers[0] == answers[1] else ""
