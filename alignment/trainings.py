"""The trainings that a round may hold, a row each, in their order.

Another training is a file beside `sft.py`, a row here, and its settings as a field of `recipes.schema.Train`: the round,
the estimate, the child process, `lab train NAME` and the report know no training by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, get_args

from alignment.dpo import train_dpo
from alignment.job import OnProgress, TrainResult
from alignment.sft import train_sft

if TYPE_CHECKING:
    from recipes.schema import Train, TrainingSettings


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
class Training:
    """One way to train a checkpoint on a data set, and how it is told to people."""

    name: str
    """Of `lab train NAME`, of its field of `recipes.schema.Train`, of its checkpoint's directory in a run."""
    label: str
    """Its name in a sentence or a heading."""
    does: str
    """What it does, for `--help`."""
    train: TrainFunction
    data_set: str
    """Which of a run's data sets it reads (`alignment.data_sets`)."""
    columns: str
    """The columns of it, for `--help`."""
    start: str = "The checkpoint to start from."
    """What the start checkpoint is to it, for `--help`."""
    such_as: str = "lr=1e-5"
    """An example of a setting, for `--help`."""
    sequences: int = 1
    """Sequences that a row of the data set holds, for the estimate of tokens."""
    curves: tuple[tuple[str, str], ...] = ()
    """(metric, title) of the figures that the report draws beside the loss."""
    note: str = ""
    """A sentence that helps to read these curves."""

    @property
    def settings(self) -> type[TrainingSettings]:
        """Its settings in the recipe's schema, which is not loaded before they are needed: `lab --help` stays fast."""
        from recipes.schema import Train

        return next(found for found in get_args(Train.model_fields[self.name].annotation) if found is not type(None))


TRAININGS = (
    Training(
        "sft",
        "SFT",
        "Supervised fine-tuning on conversations (section 4.1.3).",
        train_sft,
        data_set="sft",
        columns="a `messages` column",
    ),
    Training(
        "dpo",
        "DPO",
        "Direct preference optimisation (section 4.1.4).\n\nWith an NLL term on the chosen answer.",
        train_dpo,
        data_set="preference",
        columns="`prompt`, `chosen`, `rejected` columns",
        start="The checkpoint to start from; it is the reference as well.",
        such_as="beta=0.1",
        sequences=2,
        curves=(
            ("loss/preference", "preference term of the loss"),
            ("loss/nll", "NLL term of the loss"),
            ("rewards/margins", "reward margin, chosen over rejected"),
            ("rewards/accuracies", "share of pairs ranked rightly"),
        ),
        note="The preference term starts at ln 2 = 0.693, where policy and reference are one.",
    ),
)


def training_of(name: str) -> Training:
    """The training of that name. Raises KeyError where there is none."""
    return {training.name: training for training in TRAININGS}[name]


def asked_for(train: Train) -> list[tuple[Training, TrainingSettings]]:
    """The trainings that a recipe asks for, in order, with its settings."""
    found = [(training, getattr(train, training.name, None)) for training in TRAININGS]
    return [(training, settings) for training, settings in found if settings is not None]
