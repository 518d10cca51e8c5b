"""What a training is, and those that a round may hold, in their order.

Another training is a file beside `sft.py`, or a folder, that ends in its `TRAINING`, and its settings as the field of that name of
`recipes.trainings.Train`: the round, the estimate, the child process, `lab train NAME` and the report know no training by name.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, get_args

from alignment.job import OnProgress, TrainResult

if TYPE_CHECKING:
    from recipes.trainings import Train, TrainingSettings


class TrainFunction(Protocol):
    """Trains `checkpoint` on `dataset` into `out`; `settings` are those of the training. Raises AlignmentError."""

    def __call__(
        self,
        checkpoint: Path,
        dataset: Path,
        out: Path,
        settings: Any,
        *,
        on_progress: OnProgress,
        checkpoint_id: str | None = None,
    ) -> TrainResult: ...


@dataclass(frozen=True)
class Learned:
    """What of a data set a training learns from, before a weight is loaded."""

    lengths: list[int]
    """Tokens of each row."""
    learned: int
    """Tokens among them that the loss reads, of all rows together."""
    dropped: dict[str, int]
    """Rows left out, by reason."""
    held_out: int = 0
    """Rows that are not trained on, to say how well it does."""


@dataclass(frozen=True)
class Asked:
    """What a training asks of the policy that it trains, before a weight is loaded."""

    prompts: list[int]
    """Tokens of each."""
    dropped: dict[str, int]
    """Rows that are not asked, by reason."""
    beside: tuple[Path, ...] = ()
    """Checkpoints that are in memory as well: a copy of the start, a reward model, a teacher."""
    notes: tuple[str, ...] = ()
    """What else is to be known, also of what only the training itself will find."""


class Look(Protocol):
    """What a training would learn from; raises AlignmentError as the training itself would."""

    def __call__(self, checkpoint: Path, dataset: Path, settings: Any) -> Learned | Asked: ...


class Check(Protocol):
    """What of its start and settings a training refuses before it reads a row; raises AlignmentError."""

    def __call__(self, checkpoint: Path, settings: Any) -> None: ...


@dataclass(frozen=True)
class Training:
    """One way to train a checkpoint on a data set, and how it is told to people."""

    name: str
    """Of `lab train NAME`, of its module, of its field of `recipes.trainings.Train`, of its checkpoint's directory in a run."""
    label: str
    """Its name in a sentence or a heading."""
    does: str
    """What it does, for `--help`."""
    train: TrainFunction
    data_set: str
    """Which of a run's data sets it reads (`alignment.data.sets`)."""
    columns: str
    """The columns of it, for `--help`."""
    start: str = "The checkpoint to start from."
    """What the start checkpoint is to it, for `--help`."""
    such_as: str = "lr=1e-5"
    """An example of a setting, for `--help`."""
    sequences: int = 1
    """Sequences that a row of the data set holds, for the estimate of tokens."""
    policy: bool = True
    """Whether what it makes answers prompts: then a round evaluates it and goes on from it."""
    curves: tuple[tuple[str, str], ...] = ()
    """(metric, title) of the figures that the report draws beside the loss."""
    note: str = ""
    """A sentence that helps to read these curves."""
    look: Look | None = None
    """What `--dry-run` asks; None where only the training itself can tell."""
    check: Check | None = None
    """What is asked as well before there are rows; None where any checkpoint and settings do."""

    @property
    def settings(self) -> type[TrainingSettings]:
        """Its settings in the recipe's schema, which is not loaded before they are needed: `lab --help` stays fast."""
        from recipes.trainings import Train

        return next(found for found in get_args(Train.model_fields[self.name].annotation) if found is not type(None))


@functools.cache
def trainings() -> tuple[Training, ...]:
    """The `TRAINING` of `alignment/trainings/NAME` for each field of `recipes.trainings.Train`, in the order of the fields.

    A function, because it loads the recipe's schema: `lab --help` does without.
    """
    from recipes.trainings import Train

    return tuple(import_module(f"{__name__}.{name}").TRAINING for name in Train.model_fields)


def training_of(name: str) -> Training:
    """The training of that name. Raises KeyError where there is none."""
    return {training.name: training for training in trainings()}[name]


def asked_for(train: Train) -> list[tuple[Training, TrainingSettings]]:
    """The trainings that a recipe asks for, in order, with its settings."""
    found = [(training, getattr(train, training.name, None)) for training in trainings()]
    return [(training, settings) for training, settings in found if settings is not None]
