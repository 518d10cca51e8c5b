"""Instruction following by verifiable constraints: a request, and what its answer has to be like (in the manner of IFEval)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generators.lab import Lab
from generators.reasons import Reason
from generators.sample import Outcome, accept, reject
from generators.seeds.fields import LacksError, id_of
from generators.seeds.kinds import Kind
from ledger import Row
from ledger.facts import TableFigures
from rows.messages import Message, answered
from rows.sample import Sample
from verification.extraction import spoken
from verification.instructions import Constraint, constraint_of, follows, follows_loosely


class Missed(Reason):
    """Why an answer is wrong."""

    not_followed = "not_followed"


@dataclass(frozen=True)
class Instructed:
    """A request in words, and the constraints that it states."""

    id: str
    prompt: str
    constraints: tuple[Constraint, ...]
    reference: str = ""
    """An answer that follows them all, where the row has one."""
    topic: str = ""
    split: str = ""


def instructed(row: dict[str, Any], line: int) -> Instructed:
    """A row as a request with constraints. Raises ValueError with why it is none."""
    stated = row.get("constraints")
    if not isinstance(stated, list) or not stated:
        raise LacksError('no constraints: needs "constraints", a list such as [{"kind": "words", "at_most": 50}]')
    texts = {name: row.get(name) or "" for name in ("prompt", "reference", "topic", "split")}
    if odd := next((name for name, value in texts.items() if not isinstance(value, str)), None):
        raise ValueError(f'"{odd}" is no text')
    if not texts["prompt"].strip():
        raise LacksError('no text under "prompt"')
    constraints = tuple(constraint_of(one) for one in stated)
    return Instructed(id_of(row, line), texts["prompt"].strip(), constraints, *list(texts.values())[1:])


INSTRUCTIONS: Kind[Instructed] = Kind(
    "requests with constraints",
    Instructed,
    "requests with constraints (JSONL, Parquet or hf:NAME)",
    values=lambda seed: {"request": seed.prompt},
    text=lambda seed: seed.prompt,
    parse=instructed,
)


async def follow(lab: Lab, request: Instructed) -> Outcome:
    """One answer. Right is what follows every constraint to the letter, thinking apart; how many it follows, and how many it would
    follow without its first line, its last or its asterisks, is kept as evidence. What the token limit cut is judged as far as it
    goes.
    """
    reply = await lab.ask("general/answer", request=request.prompt)
    prompt: list[Message] = [{"role": "user", "content": request.prompt}]
    kept = Sample(problem=request.prompt, problem_id=request.id, topic=request.topic, prompt=prompt)
    kept = replace(kept, completion=reply.text.strip(), reference=request.reference)
    said = spoken(reply.text)
    strict = [follows(said, wanted) for wanted in request.constraints]
    loose = [follows_loosely(said, wanted) for wanted in request.constraints]
    kinds = [wanted.kind for wanted in request.constraints]
    kept = kept.with_evidence(constraints=kinds, strict=strict, loose=loose, cut=reply.cut)
    if all(strict):
        return accept(kept, messages=answered(prompt, kept.completion))
    missed = ", ".join(kind for kind, held in zip(kinds, strict, strict=True) if not held)
    return reject(Missed.not_followed, kept, detail=f"not followed: {missed}")


def followed_table(requests: Sequence[Instructed], rows: Sequence[Row]) -> TableFigures:
    """Strict and loose accuracy by prompt and by constraint, then by kind of constraint. An answer that nobody judged follows none."""
    kinds_of = {request.id: [wanted.kind for wanted in request.constraints] for request in requests}
    held: dict[str, list[tuple[bool, bool]]] = {"prompts": [], "constraints": []}
    by_kind: dict[str, list[tuple[bool, bool]]] = {}
    for row in rows:
        kinds = kinds_of[row.seed_id]
        strict, loose = (_held(row.sample.evidence, way, len(kinds)) for way in ("strict", "loose"))
        held["prompts"].append((all(strict), all(loose)))
        for kind, *both in zip(kinds, strict, loose, strict=True):
            held["constraints"].append((both[0], both[1]))
            by_kind.setdefault(kind, []).append((both[0], both[1]))
    counted = {**held, **dict(sorted(by_kind.items()))}
    return {
        "title": "followed",
        "cells": {
            name: {
                way: [sum(pair[place] for pair in pairs), len(pairs)] for place, way in enumerate(("strict", "loose"))
            }
            for name, pairs in counted.items()
        },
    }


def _held(evidence: Mapping[str, Any], way: str, number: int) -> list[bool]:
    return list(evidence.get(way) or [False] * number)
