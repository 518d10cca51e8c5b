"""A needle in a haystack: one fact at some depth of a text of some length, asked for at its end. Length and depth are by the
checkpoint's own tokenizer, the text is drawn by the problem's id, and right is an answer that holds the fact to the letter.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from generators.lab import Lab
from generators.reasons import Shared
from generators.sample import Outcome, accept, reject
from generators.seeds.fields import LacksError, id_of
from generators.seeds.kinds import Kind
from ledger import Row, Status
from ledger.facts import TableFigures
from recipes.schema import SHORTEST_NEEDLE
from rows.sample import Sample
from verification.instructions.texts import times

DEPTHS = (0, 25, 50, 75, 100)
"""Percent of the text that come before the needle."""
EACH = 4
"""Needles of each length and depth."""
ANSWER_TOKENS = 48
"""Room for the answer within the length."""
TRIES = 8
"""Times that a text's tokens are counted at most until it fits; three or four do."""
SENTENCE_TOKENS = 14
"""A first guess."""
PLACES = ("lighthouse", "town hall", "old mill", "railway station", "boathouse", "observatory", "bakery", "museum")
WHO = (
    "The baker", "A gardener", "The old sailor", "My neighbour", "The postwoman", "A tired student", "The watchmaker",
    "Her cousin", "The choir", "A young painter", "The innkeeper", "Somebody's dog", "The ferryman", "A travelling cook",
    "The librarian", "His grandmother",
)  # fmt: skip
DID = (
    "mended a fence", "sang a quiet song", "forgot an umbrella", "planted three pear trees", "counted the passing boats",
    "read a long letter", "carried firewood", "watched the swallows", "baked a plum cake", "waited for the ferry",
    "painted the shutters", "told a story", "looked for a key", "bought a basket of apples", "wound the clock", "fed the geese",
)  # fmt: skip
WHERE = (
    "behind the church", "near the harbour", "in the orchard", "on the wooden bridge", "at the edge of the forest",
    "under the chestnut tree", "beside the well", "in a narrow lane", "on the market square", "at the foot of the hill",
    "by the river", "in front of the school", "between two barns", "at the garden gate", "along the canal", "on the stone steps",
)  # fmt: skip
WHEN = (
    "before the rain came", "while the bells were ringing", "early in the morning", "on a windy afternoon", "after supper",
    "as the fog was lifting", "in the last week of May", "when nobody was looking", "until it grew dark", "all day long",
    "for the first time in years", "without saying a word", "because the day was warm", "as they always did", "in great haste",
    "with a smile",
)  # fmt: skip


@dataclass(frozen=True)
class Needle:
    """A fact to be found again."""

    id: str
    text: str
    """The fact, as a sentence of the haystack."""
    question: str
    answer: str
    """What a right answer holds, in any case, not as a part of a longer word or number."""
    length: int
    """Tokens of the whole conversation, with the room for its answer."""
    depth: int
    """Percent of the text that come before the fact."""
    split: str = ""


def needle(row: dict[str, Any], line: int) -> Needle:
    """A row as a needle. Raises ValueError with why it is none."""
    fields = {name: row.get(name) for name in ("needle", "question", "answer")}
    if missing := next(
        (name for name, value in fields.items() if not isinstance(value, str) or not value.strip()), None
    ):
        raise LacksError(f'no text under "{missing}"')
    length, depth = row.get("length"), row.get("depth")
    if type(length) is not int or length <= ANSWER_TOKENS:
        raise LacksError(f'no "length" in tokens, above {ANSWER_TOKENS}')
    if type(depth) is not int or not 0 <= depth <= 100:
        raise LacksError('no "depth" from 0 to 100')
    text, question, answer = (str(value).strip() for value in fields.values())
    return Needle(id_of(row, line), text, question, answer, length, depth, str(row.get("split") or ""))


NEEDLES: Kind[Needle] = Kind(
    "needles",
    Needle,
    "needles (JSONL; `needle`, `question`, `answer`, `length`, `depth`)",
    values=lambda seed: {"text": seed.text, "question": seed.question},
    text=lambda seed: seed.text,
    parse=needle,
)


def needles(longest: int) -> Iterator[dict[str, Any]]:
    """The rows of the benchmark, the same ones always: `EACH` needles at every depth of every length, twice as long each time up to
    `longest` tokens, and that.
    """
    lengths = [SHORTEST_NEEDLE]
    while lengths[-1] * 2 <= longest:
        lengths.append(lengths[-1] * 2)
    for length in dict.fromkeys((*lengths, longest)):
        for depth in DEPTHS:
            for number in range(EACH):
                draw = Random(f"needle {length} {depth} {number}")
                place, code = draw.choice(PLACES), str(draw.randrange(10_000, 100_000))
                yield {
                    "id": f"{length}-{depth}-{number}",
                    "needle": f"The code that opens the door of the {place} is {code}.",
                    "question": f"Which code opens the door of the {place}?",
                    "answer": code,
                    "length": length,
                    "depth": depth,
                }


async def find_needle(lab: Lab, sought: Needle) -> Outcome:
    """One answer. Right is what holds the fact, whatever else it says."""
    most = min(ANSWER_TOKENS, lab.sampling.get("max_tokens") or ANSWER_TOKENS)
    lab = replace(lab, sampling={**lab.sampling, "max_tokens": most})
    kept = Sample(problem=said(sought), problem_id=sought.id, reference=sought.answer)

    async def tokens(sentences: int) -> int:
        values = {"text": _haystack(sought, sentences), "question": sought.question}
        return await lab.engine.count_tokens(lab.conversation("general/needle", **values))

    sentences = await _fitting(tokens, sought.length - ANSWER_TOKENS)
    if sentences is None:
        return reject(Shared.prompt_too_long, kept, detail=f"the question alone is longer than {sought.length} tokens")
    reply = await lab.ask("general/needle", text=_haystack(sought, sentences), question=sought.question)
    kept = replace(kept, prompt=reply.messages, completion=reply.text.strip())
    if times(reply.text, sought.answer):
        return accept(kept)
    return reject(Shared.wrong_answer, kept, detail=f'"{sought.answer}" is not in it')


def said(sought: Needle) -> str:
    """What a problem asks, where it need not be shown with its text."""
    return f"{sought.question} ({sought.text} Within {sought.length:,} tokens, at a depth of {sought.depth}%.)"


def needle_table(sought: Sequence[Needle], rows: Sequence[Row]) -> TableFigures:
    """Found, by length and depth."""
    place = {one.id: (f"{one.length:,} tokens", f"{one.depth}%") for one in sorted(sought, key=lambda one: one.length)}
    depths = dict.fromkeys(f"{depth}%" for depth in sorted({one.depth for one in sought}))
    cells: dict[str, dict[str, list[int]]] = {length: {} for length, _ in place.values()}
    for row in rows:
        length, depth = place[row.seed_id]
        cell = cells[length].setdefault(depth, [0, 0])
        cell[0] += row.status is Status.accepted
        cell[1] += 1
    ordered = {length: {depth: found[depth] for depth in depths if depth in found} for length, found in cells.items()}
    return {"title": "found, by length and depth", "cells": ordered}


def _haystack(sought: Needle, sentences: int) -> str:
    """So many sentences of no meaning, the needle at its depth among them."""
    draw = Random(f"haystack {sought.id}")
    text = [
        f"{draw.choice(WHO)} {draw.choice(DID)} {draw.choice(WHERE)} {draw.choice(WHEN)}." for _ in range(sentences)
    ]
    text.insert(round(sentences * sought.depth / 100), sought.text)
    return " ".join(text)


async def _fitting(tokens: Callable[[int], Awaitable[int]], room: int) -> int | None:
    """The most sentences that leave no more than `room` tokens, or nearly; None where not even the needle alone does."""
    bare = await tokens(0)
    if bare > room:
        return None
    fits, too_many = 0, room
    tried = max(1, min((room - bare) // SENTENCE_TOKENS, room - 1))
    for _ in range(TRIES):
        count = await tokens(tried)
        fits, too_many = (max(fits, tried), too_many) if count <= room else (fits, min(too_many, tried))
        each = max(1.0, (count - bare) / tried)
        tried = max(fits + 1, min(too_many - 1, tried + int((room - count) // each)))
        if tried >= too_many or (count <= room and room - count < each):
            break
    return fits
