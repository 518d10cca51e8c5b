"""`lab arena`: the page and its calls. Nothing that goes to the page says which checkpoint an answer is of.

A question is called by its place in the file: its key is made of the answers in their order, which would tell them apart.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import HTTPException, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.types import ASGIApp

from alignment.arena.questions import Question, hopeless
from alignment.arena.record import Arena, Grade, Neither
from alignment.errors import AlignmentError
from prompts.ui.local_page import bare_app, listen, server_of

HERE = Path(__file__).resolve().parent
LONGEST_EDIT = 200_000
"""Characters of an edited answer."""
SIDES = ("first", "second")
"""The answers by their place on the page."""


@dataclass
class Sitting:
    """One time that a page is open: what it asks about, and how far the answers are."""

    arena: Arena
    questions: Sequence[Question]
    left_out: dict[str, str] = field(default_factory=dict)
    """Key -> why a question has no two answers to choose from."""
    drawing: bool = False
    """Whether more answers will come."""
    problem: str = ""
    """Why no more will come, where they should."""

    async def ready(self, question: Question, by: Sequence[str], answers: Sequence[str], cut: Sequence[bool]) -> None:
        """Two answers are there: keep them as a pair, or leave the question out."""
        if why := hopeless(answers):
            self.left_out[question.key] = why
        else:
            await self.arena.add(question, by, answers, cut)


class _Judged(BaseModel):
    """What a person says of a pair."""

    model_config = ConfigDict(extra="forbid")
    number: int = Field(ge=0)
    better: Literal["first", "second"] | None
    grade: Grade | Neither
    edited: str | None = Field(default=None, max_length=LONGEST_EDIT)

    @model_validator(mode="after")
    def _fits(self) -> _Judged:
        if (self.better is None) != (self.grade in ("alike", "both bad")):
            raise ValueError("a grade is of the better answer; alike and both bad are of neither")
        return self


async def serve(sitting: Sitting, port: int, say: Callable[[str], None]) -> None:
    """Serve until the page ends it, SIGINT or SIGTERM; `say` is told the page's address. Raises PromptError where the port is
    taken.
    """
    listening = listen(port)
    ended = asyncio.Event()
    server = server_of(make_app(sitting, ended.set), listening.address)

    async def end() -> None:
        await ended.wait()
        server.should_exit = True

    say(listening.address.url)
    ending = asyncio.create_task(end())
    try:
        await server.serve(sockets=[listening.socket])
    finally:
        ending.cancel()


def make_app(sitting: Sitting, finish: Callable[[], None]) -> ASGIApp:
    """The page and its calls; `finish` ends the serving."""
    app = bare_app(HERE)
    arena, questions = sitting.arena, sitting.questions

    @app.exception_handler(AlignmentError)
    async def told(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, 422)

    def whole(number: int | None) -> dict[str, Any]:
        """What the page shows: the question of that number, if any, and how far everything is."""
        judged = [place for place, question in enumerate(questions) if question.key in arena.judgements]
        before = [place for place in judged if number is None or place < number]
        progress = {
            "total": len(questions),
            "judged": len(judged),
            "ready": sum(q.key in arena.pairs and q.key not in arena.judgements for q in questions),
            "left_out": dict(Counter(sitting.left_out.values())),
            "drawing": sitting.drawing,
            "problem": sitting.problem,
            "before": before[-1] if before else None,
        }
        return {**progress, "pair": None if number is None else _shown(arena, questions[number], number)}

    @app.get("/api/next")
    async def next_one() -> dict[str, Any]:
        open_ones = (
            place for place, q in enumerate(questions) if q.key in arena.pairs and q.key not in arena.judgements
        )
        return whole(next(open_ones, None))

    @app.get("/api/pair")
    async def pair(number: Annotated[int, Query(ge=0)]) -> dict[str, Any]:
        _key(sitting, number)
        return whole(number)

    @app.post("/api/judge")
    async def judge(said: _Judged) -> dict[str, Any]:
        key = _key(sitting, said.number)
        # By lot the first one shown is answer 0 or 1.
        first = arena.pairs[key]["first"]
        better = None if said.better is None else first if said.better == SIDES[0] else 1 - first
        await arena.judge(key, better, said.grade, said.edited)
        return {"kept": said.number}

    @app.post("/api/finish")
    async def finished() -> dict[str, Any]:
        finish()
        return {"judged": len(arena.judgements), "rows": len(arena.rows())}

    return app


def _key(sitting: Sitting, number: int) -> str:
    """The key of the pair at that place. Raises HTTPException 404 where there is none yet."""
    if number < len(sitting.questions) and (key := sitting.questions[number].key) in sitting.arena.pairs:
        return key
    raise HTTPException(404, f"no pair {number}")


def _shown(arena: Arena, question: Question, number: int) -> dict[str, Any]:
    found = arena.pairs[question.key]
    order = (found["first"], 1 - found["first"])
    said = arena.judgements.get(question.key)
    return {
        "number": number,
        "prompt": [{"role": turn["role"], "content": turn["content"]} for turn in found["prompt"]],
        "answers": [{"text": found["answers"][side], "cut": found["cut"][side]} for side in order],
        "said": said
        and {
            "better": None if said["better"] is None else SIDES[order.index(said["better"])],
            "grade": said["grade"],
            "edited": said["edited"],
        },
    }
