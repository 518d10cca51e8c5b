"""Draws both answers to every question, ahead of whoever judges them, and durably: nothing is paid for twice.

Two checkpoints that are hosted in this process take turns, for its memory holds one: A answers the first questions, B those
and the next, A these and the ones after them. So a turn begins with the weights that the last one ended with, the first
pairs are there soon, and, as each block is twice the one before, the weights are changed a handful of times.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from alignment.arena.questions import Question
from checkpoints.directory import find, identity, is_url, same_architecture
from checkpoints.weights import refuse_scorer
from generators.lab import Lab, Reply
from ledger import Ledger
from prompts import Library
from serving import Engine, Sampling, host
from serving.engine import PromptTooLongError, RequestRefusedError
from serving.launch import Say

if TYPE_CHECKING:
    from recipes.schema import Serving

FIRST_BLOCK = 8
"""Questions of the first turn."""
STAGE = "arena"
"""Whose tokens they are in the ledger."""

Drawn = Callable[[Question, tuple[Reply, Reply]], Awaitable[None]]
LeftOut = Callable[[Question, str], None]


class Hosts:
    """The engines behind two checkpoints, which may be one: servers as they are, in this process one at a time."""

    def __init__(self, checkpoints: tuple[str, str], settings: Serving, say: Say) -> None:
        self._checkpoints, self._settings, self._say = checkpoints, settings, say
        self._remote: dict[str, Engine] = {}
        self._here: tuple[str, Engine] | None = None
        self._closing = AsyncExitStack()
        self._closing_here = AsyncExitStack()
        self.identities: tuple[str, str] = ("", "")
        """Of the two checkpoints' contents."""

    @property
    def take_turns(self) -> bool:
        """Whether the two cannot answer at the same time."""
        one, other = self._checkpoints
        return one != other and not is_url(one) and not is_url(other)

    async def __aenter__(self) -> Hosts:
        """Ask the servers, and look at the directories; no weight is loaded yet. Raises ServingError, CheckpointError."""
        try:
            for checkpoint in self._checkpoints:
                if is_url(checkpoint) and checkpoint not in self._remote:
                    engine = host(checkpoint, self._settings, say=self._say)
                    self._remote[checkpoint] = await self._closing.enter_async_context(engine)
            one, other = (
                self._remote[name].identity if name in self._remote else identity(refuse_scorer(find(name)))
                for name in self._checkpoints
            )
            self.identities = one, other
        except BaseException:
            await self._closing.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._closing_here.aclose()
        await self._closing.aclose()

    async def engine(self, side: int) -> Engine:
        """The engine of the first (0) or second (1) checkpoint; where they take turns, the other's is gone by it."""
        checkpoint = self._checkpoints[side]
        if checkpoint in self._remote:
            return self._remote[checkpoint]
        if self._here and self._here[0] != checkpoint:
            held, engine = self._here
            if same_architecture(find(held), find(checkpoint)):
                await engine.swap(checkpoint)
                self._here = checkpoint, engine
            else:
                self._here = None
                await self._closing_here.aclose()
                self._closing_here = AsyncExitStack()
        if self._here is None:
            engine = await self._closing_here.enter_async_context(host(checkpoint, self._settings, say=self._say))
            self._here = checkpoint, engine
        return self._here[1]


async def draw(
    hosts: Hosts, ledger: Ledger, questions: Sequence[Question], sampling: Sampling, drawn: Drawn, left_out: LeftOut
) -> None:
    """Have both answers drawn to every question, in order. `drawn` is told of two that are there, `left_out` of a question that
    a checkpoint cannot be asked, with why. Raises ServingError where a checkpoint answers no more.
    """
    held: dict[str, dict[int, Reply]] = {}
    hopeless: set[str] = set()

    async def answer(question: Question, side: int, lab: Lab) -> None:
        if question.key in hopeless:
            return
        try:
            # The number of the sample tells apart two answers of one checkpoint.
            reply = await lab.attempt(side).answer(question.prompt, sampling)
        except (PromptTooLongError, RequestRefusedError) as error:
            if question.key not in hopeless:
                hopeless.add(question.key)
                left_out(question, "too_long" if isinstance(error, PromptTooLongError) else "refused")
            return
        sides = held.setdefault(question.key, {})
        sides[side] = reply
        if len(sides) == 2:
            await drawn(question, (sides[0], sides[1]))
            del held[question.key]

    async def turn(block: Sequence[Question], sides: Sequence[int]) -> None:
        labs = {side: Lab(await hosts.engine(side), ledger, Library([]), stage=STAGE) for side in sides}
        try:
            async with asyncio.TaskGroup() as tasks:
                for question in block:
                    for side in sides:
                        tasks.create_task(answer(question, side, labs[side]))
        except ExceptionGroup as group:  # of which the first is the cause, and told to people by its type
            raise group.exceptions[0] from None

    order = [0, 1]
    for block in blocks(questions):
        if not hosts.take_turns:
            await turn(block, order)
            continue
        for side in order:
            await turn(block, [side])
        order.reverse()


def blocks(questions: Sequence[Question]) -> Iterator[Sequence[Question]]:
    """The questions in order, each block twice as long as the one before."""
    at, size = 0, FIRST_BLOCK
    while at < len(questions):
        yield questions[at : at + size]
        at, size = at + size, 2 * size
