"""One sitting at an arena, from the files to the page: answers are drawn in the background while the page is open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from alignment.arena.answers import Hosts, draw
from alignment.arena.questions import Question
from alignment.arena.record import open_arena
from alignment.arena.server import Sitting, serve
from checkpoints import CheckpointError
from generators.lab import Reply
from ledger import Ledger, LedgerError
from ledger.facts import ArenaFact
from serving import Sampling, ServingError
from serving.launch import Say

if TYPE_CHECKING:
    from recipes.schema import Serving


async def hold(
    ledger: Ledger,
    questions: Sequence[Question],
    checkpoints: tuple[str, str] | None,
    sampling: Sampling,
    serving: Serving,
    *,
    port: int,
    say: Say,
    announce: Callable[[str], None],
) -> None:
    """Open the page and wait for its end; `announce` is told its address, `say` what the checkpoints do meanwhile.

    Without `checkpoints` every question has its answers. Raises AlignmentError for a run directory that holds something else,
    ServingError or CheckpointError where a checkpoint is not there; one that fails later is told on the page.
    """
    async with AsyncExitStack() as stack:
        hosts = await stack.enter_async_context(Hosts(checkpoints, serving, say)) if checkpoints else None
        compared = ArenaFact(
            names=list(checkpoints or ()),
            identities=list(hosts.identities if hosts else ()),
            sampling=sampling.to_dict() if hosts else {},
        )
        arena = await open_arena(ledger, compared)
        sitting = Sitting(arena, questions, drawing=hosts is not None)
        missing = [question for question in questions if question.key not in arena.pairs]
        for question in missing if hosts is None else ():
            by, texts = zip(*question.answers, strict=True)
            await sitting.ready(question, by, texts, (False, False))
        work = None
        if hosts and checkpoints:
            work = asyncio.create_task(_draw(sitting, hosts, missing, checkpoints, sampling, say))
        try:
            await serve(sitting, port, announce)
        finally:
            if work and not work.done():
                work.cancel()
                await asyncio.gather(work, return_exceptions=True)
        if work and not work.cancelled():
            await work  # a mistake of ours, where there was one


async def _draw(
    sitting: Sitting,
    hosts: Hosts,
    questions: Sequence[Question],
    names: tuple[str, str],
    sampling: Sampling,
    say: Say,
) -> None:
    async def drawn(question: Question, replies: tuple[Reply, Reply]) -> None:
        texts, cut = [reply.text for reply in replies], [reply.cut for reply in replies]
        await sitting.ready(question, names, texts, cut)

    def left_out(question: Question, why: str) -> None:
        sitting.left_out[question.key] = why

    try:
        await draw(hosts, sitting.arena.ledger, questions, sampling, drawn, left_out)
    except (ServingError, CheckpointError, LedgerError) as error:
        sitting.problem = str(error)
        say(str(error))
    except Exception as error:
        sitting.problem = f"{type(error).__name__}: {error}"
        raise
    finally:
        sitting.drawing = False
