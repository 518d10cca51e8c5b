"""What can be said of a run on the policy's own answers before anything is loaded: `--dry-run`, and what a run refuses at its start."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import AlignmentError
from alignment.tokens.conversations import load_format
from alignment.trainings import Asked
from alignment.trainings.ppo.problems import SANDBOX, Task, tasks_of
from alignment.trainings.ppo.rewards import refuse_none
from checkpoints.directory import positions
from checkpoints.errors import CheckpointError
from checkpoints.weights import scores_answers
from generators.seeds.found import SeedError
from sandbox import docker_problem

if TYPE_CHECKING:
    from recipes.trainings import PPO


def check_start(checkpoint: Path, settings: PPO) -> None:
    """As every dry run asks: the lengths, and what gives the reward. Raises AlignmentError as the run would."""
    refuse_longer_than_context(checkpoint, settings.max_length)
    if settings.reward != SANDBOX:
        check_reward_model(Path(settings.reward), settings.max_length)
    elif problem := docker_problem():
        raise AlignmentError(problem)


def look(checkpoint: Path, dataset: Path, settings: PPO) -> Asked:
    """What PPO would draw from, and what it would hold. No program is run: that each problem's own solution passes its tests, and
    that an empty one fails them, is found at the start. Raises AlignmentError as the run would.
    """
    beside = [checkpoint] if settings.kl_weight else []
    if settings.reward != SANDBOX:
        beside.append(Path(settings.reward))
    try:
        tasks, dropped = tasks_of(load_format(checkpoint), dataset, settings)
    except SeedError as error:
        raise AlignmentError(str(error)) from error
    refuse_none(tasks, dropped)
    notes: tuple[str, ...] = ()
    if settings.reward == SANDBOX:
        notes = _of_exams(tasks)
    elif not settings.kl_weight:
        notes = ("nothing holds the policy near its start: a reward model needs a kl_weight, 0.05, say",)
    return Asked([len(task.prompt) for task in tasks], dropped, tuple(beside), notes)


def check_reward_model(path: Path, max_length: int) -> None:
    """Raises AlignmentError for what is none, or reads fewer tokens. Its vocabulary may be another one, since it reads texts."""
    try:
        if not scores_answers(path):
            raise AlignmentError(f"{path}: no reward model; `lab train reward` makes one")
    except CheckpointError as error:
        raise AlignmentError(str(error)) from None
    load_format(path)  # whether its template says where an answer ends
    refuse_longer_than_context(path, max_length)


def _of_exams(tasks: Sequence[Task]) -> tuple[str, ...]:
    exams = [task.exam for task in tasks if task.exam]
    watched, canaries = (
        sum(bool(part) for part in parts) for parts in zip(*((e.held_out, e.impossible) for e in exams), strict=True)
    )
    gold = sum(bool(exam.problem.reference) for exam in exams)
    return (
        f"of {len(exams):,} problems {watched:,} have tests to hold out, {canaries:,} a call that a canary can be made of",
        f"not checked before the start: that the solutions ({gold:,}) pass their tests, and that faults and an empty program fail them",
    )


def refuse_longer_than_context(checkpoint: Path, max_length: int) -> None:
    """Raises AlignmentError where a checkpoint has no positions for `max_length` tokens."""
    try:
        most = positions(checkpoint)
    except CheckpointError as error:
        raise AlignmentError(str(error)) from None
    if most is not None and max_length > most:
        raise AlignmentError(f"{checkpoint}: has positions for {most:,} tokens; lower max_length ({max_length:,})")
