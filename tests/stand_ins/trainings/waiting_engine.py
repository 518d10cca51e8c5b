"""The process of an engine in which nothing is loaded: of what it is asked for it draws one answer, and goes on until it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from serving import ServingError, rollouts_apart
from serving.rollouts import Rollout


class WaitingRollouts:
    """Stands in for `serving.rollouts.Rollouts`."""

    max_model_len = 64

    def __init__(self, path: Any, settings: Any) -> None:
        self.version = 0
        self._stopped = threading.Event()

    def __enter__(self) -> WaitingRollouts:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def stop(self) -> None:
        self._stopped.set()

    def sample(
        self, prompts: Sequence[Any], sampling: Any, *, seed: int, finished: Callable[[int, Rollout], None]
    ) -> None:
        finished(0, Rollout([1], [-1.0], [self.version], "stop"))
        self._stopped.wait()
        raise ServingError("the engine was stopped")


def serve(*arguments: Any) -> None:
    """In the place of `serving.rollouts_apart._serve`, by whose name a process looks for it."""
    rollouts_apart.Rollouts = WaitingRollouts  # type: ignore[assignment,misc]
    rollouts_apart._serve(*arguments)
