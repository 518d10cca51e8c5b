"""A start and its problems, and an engine that needs no vLLM."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tiny_checkpoints import tiny_checkpoint
from torch_rollouts import TorchRollouts
from toy_rewards import toy_problems


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> list[TorchRollouts]:
    """The stand-in engines that were made, in order."""
    made: list[TorchRollouts] = []

    def make(path: Path, serving: Any) -> TorchRollouts:
        made.append(TorchRollouts(path, serving))
        return made[-1]

    monkeypatch.setattr("alignment.trainings.ppo.ahead.Rollouts", make)
    return made


@pytest.fixture
def start(tmp_path: Path) -> Path:
    toy_problems(tmp_path / "problems.jsonl")
    return tiny_checkpoint(tmp_path / "start", width=64)
