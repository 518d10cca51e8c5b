"""Rewards from a reward model: the score of an answer (`lab train reward`), or the smallest of its steps' (`lab train stepwise`),
where nothing can be run. An answer is as good as its worst step: a product would pay for few steps, a mean for many idle ones.

What a model likes is not what is right, and a policy that is rewarded by one leaves the ground on which it was trained: `kl_weight`
holds it near the start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from alignment.trainings.ppo.problems import Task
from alignment.trainings.ppo.rewards import Judged
from checkpoints.weights import is_stepwise_model
from generators.math.steps import steps_of
from rows.messages import Message
from serving import PromptTooLongError
from serving.scorer import LocalScorer
from serving.steps import LocalStepScorer

CUT = 1.0
"""Taken off the score of an answer that the token limit cut, which is read as if it had ended there (TRL's missing_eos_penalty)."""


class ModelRewards:
    """A reward model in a thread of its own: one answer at a time, so that no score depends on which came with it."""

    def __init__(self, path: Path, max_length: int) -> None:
        """Raises ServingError where it is no reward model."""
        self._scorer = (LocalStepScorer if is_stepwise_model(path) else LocalScorer)(path, max_length)
        self.identity = self._scorer.identity
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rewards")

    def __enter__(self) -> ModelRewards:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def submit(self, task: Task, text: str, cut: bool) -> Future[Judged]:
        """Score an answer; one that says nothing is left out."""
        return self._thread.submit(self._judge, task, text, cut)

    def unsound(self, tasks: Sequence[Task]) -> list[str]:
        """Any prompt will do."""
        return [""] * len(tasks)

    def _judge(self, task: Task, text: str, cut: bool) -> Judged:
        if not text.strip():
            return Judged(None, "empty_answer")
        try:
            score = asyncio.run(self._score(task.messages, text))
        except PromptTooLongError:  # tokenised anew, an answer may have more tokens than were sampled
            return Judged(None, "too_long")
        return Judged(score - CUT if cut else score, "scored")

    async def _score(self, question: Sequence[Message], text: str) -> float:
        if isinstance(self._scorer, LocalStepScorer):
            (scores,) = await self._scorer.score_steps([(question, steps_of(text))])
            return min(scores)
        (score,) = await self._scorer.score([[*question, {"role": "assistant", "content": text}]])
        return score
