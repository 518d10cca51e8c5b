"""`async with host("default") as engine`: a checkpoint, hosted for as long as the block lasts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from checkpoints import directory as checkpoints
from serving.engine import Engine, Scorer, StepScorer
from serving.launch import Say
from serving.local import LocalEngine
from serving.remote import RemoteEngine
from serving.scorer import LocalScorer
from serving.steps import LocalStepScorer

if TYPE_CHECKING:
    from recipes.schema import Serving


@asynccontextmanager
async def host(
    checkpoint: str,
    settings: Serving | None = None,
    *,
    say: Say = print,
    meter: Callable[[int], None] | None = None,
) -> AsyncIterator[Engine]:
    """Host a directory, a Hub id or `default` with vLLM in this process, or use the server behind a URL.

    The model is loaded when the first answer is asked for; what is wrong with the directory shows at once. `say` is told
    what is being done meanwhile; `meter` is told of every token as it is decoded.
    """
    from recipes.schema import (
        Serving,  # pydantic takes a fifth of a second, which whoever only reads seeds need not wait
    )

    settings = settings or Serving()
    engine: LocalEngine | RemoteEngine
    if checkpoints.is_url(checkpoint):
        engine = RemoteEngine(checkpoint, settings.max_in_flight)
        await engine.start()
    else:
        path = checkpoints.find(checkpoint)
        if (most := checkpoints.context_of(path, settings.max_model_len)) < settings.max_model_len:
            say(
                f"{path.name} has positions for {most:,} tokens: its context is that long, not serving.max_model_len ({settings.max_model_len:,})"
            )
            settings = settings.model_copy(update={"max_model_len": most})
        engine = LocalEngine(path, settings, say, meter)
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def host_scorer(reward_model: str | None, max_model_len: int) -> AsyncIterator[Scorer | None]:
    """Host the reward model in a directory or of a Hub id; where there is none, nothing. It is loaded when it is first asked.

    Raises CheckpointError or ServingError at once where the directory holds no reward model.
    """
    path = checkpoints.find(reward_model) if reward_model else None
    scorer = LocalScorer(path, checkpoints.context_of(path, max_model_len)) if path else None
    try:
        yield scorer
    finally:
        if scorer:
            await scorer.close()


@asynccontextmanager
async def host_step_scorer(stepwise_model: str | None, max_model_len: int) -> AsyncIterator[StepScorer | None]:
    """The same of a stepwise reward model."""
    path = checkpoints.find(stepwise_model) if stepwise_model else None
    scorer = LocalStepScorer(path, checkpoints.context_of(path, max_model_len)) if path else None
    try:
        yield scorer
    finally:
        if scorer:
            await scorer.close()
