"""A reward that leaks, in a run that learns to use it. Each guard alone is in `test_ppo.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ppo_worker import vowels
from toy_rewards import ToyRewards

from alignment import AlignmentError
from alignment.trainings.ppo.loop import train_ppo
from alignment.trainings.ppo.rewards import Judged
from recipes.trainings import PPO

pytestmark = pytest.mark.usefixtures("one_core")


def leaky(text: str) -> Judged:
    """Vowels are rewarded; what is held out wants few of them, as nearly every answer has at first: whichever way the reward
    is raised, and machines round differently, fails there.
    """
    return Judged(vowels(text), "accepted", held_out=vowels(text) < 0.3)


def test_a_leak_that_is_learned_stops_the_run_within_50_steps(start: Path, engines: list[Any]) -> None:
    gaps: list[float] = []
    wanted = PPO(max_steps=50, lr=1e-2, batch_size=2, samples=16, max_tokens=8, max_length=256, warmup_ratio=0, save_every_s=1e9)  # fmt: skip
    with pytest.raises(AlignmentError, match="rewarded answers fail the tests that were held out"):
        train_ppo(
            start,
            start.parent / "problems.jsonl",
            start.parent / "out",
            wanted,
            on_progress=lambda progress: gaps.append(progress.metrics["held_out/gap"]),
            rewards=ToyRewards(leaky),
        )
    assert gaps[0] < 0.3 and gaps[-1] > 0.5 and len(gaps) < 50
