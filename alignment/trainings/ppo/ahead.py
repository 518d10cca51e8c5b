"""Batches of answers, drawn ahead of the learner in a thread of their own, which alone touches the engine.

The batch of step t is drawn under the weights that step t - `staleness` began with (of the first steps: the start's), so with 1
or 2 the engine decodes and the sandbox judges the next batches while one is learned from; with 0 each waits for the other. Which
weights draw which batch depends on no clock. What was drawn under weights that are gone is saved with the learner and used
again; what was asked for after them is drawn again. So with any staleness a run that was killed ends in the bits of one that was not.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import AlignmentError
from alignment.processes import count, inherited
from alignment.trainings.ppo.learner import Answer, Learner
from recipes.schema import Serving
from serving.rollouts import RolloutEngine, Rollouts
from serving.rollouts_apart import RolloutsApart

if TYPE_CHECKING:
    from torch import Tensor

    from recipes.trainings import OnPolicy

FILE = "ahead.pt"


@dataclass
class Batch:
    """What one step learns from."""

    answers: list[Answer]
    figures: dict[str, float]
    """Of what was drawn for it, that which nothing is learned from included."""
    cursor: int
    """Where the next batch begins to draw."""


Draw = Callable[[RolloutEngine, int, int], Batch]
"""Draws and judges the batch of a step from a cursor on."""


class Ahead:
    """The engine, and the batches that are asked of it. Use it as a context."""

    def __init__(
        self,
        checkpoint: Path,
        settings: OnPolicy,
        draw: Draw,
        *,
        step: int,
        steps: int,
        cursor: int,
        state: Path | None,
    ) -> None:
        """For the steps from `step` on; `state` is what `save` left. Raises ServingError, AlignmentError."""
        self._staleness, self._draw, self._steps = settings.staleness, draw, steps
        self._cursor, self._taken, self._weights_s = cursor, step, 0.0
        self._pending: deque[Future[Batch]] = deque()
        for batch in _saved(state / FILE) if state else ():
            self._pending.append(Future())
            self._pending[-1].set_result(batch)
        self._asked = step + len(self._pending)
        self._updated: Future[None] | None = None
        self.held = False
        """Whether what this engine draws was found to be what the learner's weights give."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rollouts")
        serving = Serving(
            max_model_len=settings.max_length,
            max_in_flight=min(settings.max_in_flight, settings.batch_size * settings.samples),
            gpu_memory_utilization=0.4,
        )
        self.rollouts: RolloutEngine = self._thread.submit(engine_of, checkpoint, serving).result()

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        for asked in self._pending:
            asked.cancel()
        self.rollouts.stop()
        self._thread.submit(self.rollouts.close).result()
        self._thread.shutdown()

    def next(self) -> Batch:
        """The next step's batch. Before it waits, all that may be drawn under the weights of now is asked for. Raises what drawing
        raises.
        """
        while self._asked < min(self._taken + self._staleness + 1, self._steps):
            self._pending.append(self._thread.submit(self._drawn, self._asked, self._updated))
            self._asked += 1
        self._taken += 1
        return self._pending.popleft().result()

    def newest(self) -> Batch | None:
        """Of those behind the one that `next` gave, the last that was asked for; waits for it."""
        return self._pending[-1].result() if self._pending else None

    def update(self, learner: Learner) -> None:
        """Hands the engine the weights of now, for what is asked from now on; does not wait."""
        # While the engine is still at work, the learner goes on to change them.
        weights = [(name, weight.clone() if self._staleness else weight) for name, weight in learner.weights()]
        self._updated = self._thread.submit(self._put, weights, learner.version)

    def save(self, folder: Path) -> int:
        """Keeps the batches that the weights of now cannot draw again, once they are there; returns the cursor behind them."""
        import torch

        if batches := [asdict(asked.result()) for asked in self._pending]:
            torch.save(batches, folder / FILE)
        return self._cursor

    # --- in the engine's thread

    def _drawn(self, step: int, updated: Future[None] | None) -> Batch:
        if updated is not None:
            updated.result()  # it is over; where it failed, nothing is drawn under what it left
        began = time.monotonic()
        batch = self._draw(self.rollouts, step, self._cursor)
        self._cursor = batch.cursor
        batch.figures |= {"seconds/collect": time.monotonic() - began, "seconds/weights": self._weights_s}
        return batch

    def _put(self, weights: list[tuple[str, Tensor]], version: int) -> None:
        began = time.monotonic()
        self.rollouts.update(weights)
        self.rollouts.version = version
        self._weights_s = time.monotonic() - began


def engine_of(checkpoint: Path, serving: Serving) -> RolloutEngine:
    """In this process, or where it is one of several, in one of its own. Raises ServingError."""
    if count() == 1:
        return Rollouts(checkpoint, serving)
    cores = {"OMP_NUM_THREADS": str(len(os.sched_getaffinity(0)))}  # the others wait while it draws
    return RolloutsApart(checkpoint, serving, {**inherited(os.environ), **cores})


def _saved(file: Path) -> list[Batch]:
    import torch

    if not file.exists():
        return []
    try:
        saved = torch.load(file, weights_only=True)
        return [Batch(**{**batch, "answers": [Answer(**answer) for answer in batch["answers"]]}) for batch in saved]
    except Exception as cause:  # zip, pickle and torch each raise their own kinds
        raise AlignmentError(
            f"{file}: not the answers of such a run ({cause}); remove the folder to start over"
        ) from cause
