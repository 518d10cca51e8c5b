"""What tests of trainings in several processes hold against one, and which processes are there."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alignment.job import TrainingProgress, TrainResult


def weights(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}


def alike(start: Path, one: Path, other: Path, share: float) -> None:
    """Both moved alike from the start: they are apart by less than a share of the way, which is how sums are ordered."""
    begun, mine, others = weights(start), weights(one), weights(other)
    assert mine.keys() == others.keys()
    way = sum(float((mine[name] - begun[name]).abs().sum()) for name in mine if name in begun)
    apart = sum(float((mine[name] - others[name]).abs().sum()) for name in mine)
    assert way > 0 and apart < share * way
    assert json.loads((one / "config.json").read_text()) == json.loads((other / "config.json").read_text())


def curve(result: TrainResult, name: str, within: float) -> list[Any]:
    return [pytest.approx(value, rel=within, abs=2e-3) for _, value in result.metrics[name]]


def interrupt(progress: TrainingProgress) -> None:
    raise KeyboardInterrupt


def started() -> set[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


def kill_the_second(before: set[int]) -> Callable[[TrainingProgress], None]:
    """Kills the later of two processes after their second step; `before`: those that were there before them."""

    def kill(progress: TrainingProgress) -> None:
        if progress.step == 2:
            os.kill(max(pid for pid in started() if pid not in before), signal.SIGKILL)

    return kill
