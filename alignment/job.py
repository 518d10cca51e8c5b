"""A training directory: what is trained there, how far it is, and how it ended.

While it runs, it holds job.json (what is trained) and the trainer's state under state/. Finished, it is a plain Hugging
Face checkpoint with training.json (the record) and TensorBoard files under tensorboard/ beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from alignment.errors import AlignmentError
from alignment.tokens.conversations import fingerprint
from checkpoints import CheckpointError
from checkpoints.directory import check, identity
from rows.limits import RowsError, object_in
from rows.writers import whole

if TYPE_CHECKING:
    from ledger.facts import TrainingFigures
    from recipes.schema import TrainingSettings

RECORDS = ("training.json", "job.json", "request.json")
"""What we write into a training directory beside the checkpoint."""
MEND = "give another --out, or remove it and what lies beside it"


@dataclass(frozen=True)
class TrainingProgress:
    """One optimiser step that is done."""

    step: int
    total_steps: int
    loss: float
    tokens: int
    """Tokens trained on so far, prompt and padding-free, earlier sessions of a resumed run included."""
    seconds: float
    """Training time so far, earlier sessions included."""
    eta_s: float
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TrainResult:
    """A finished training: where the checkpoint is and how it went."""

    checkpoint: Path
    steps: int
    final_loss: float
    losses: list[tuple[int, float]]
    """(step, loss) for every step; the loss is the one the optimiser saw."""
    metrics: dict[str, list[tuple[int, float]]]
    """Other figures by step: learning_rate, grad_norm; for DPO also both loss terms, margins, accuracies, ..."""
    rows: int
    dropped: dict[str, int]
    """Rows left out, by reason: too_long, special_tokens, identical."""
    tokens: int
    seconds: float
    tokens_per_s: float


OnProgress = Callable[[TrainingProgress], None]


@dataclass(frozen=True)
class Job:
    """One training of one checkpoint on one data set into `out`, with everything that decides its result in `facts`."""

    kind: str
    checkpoint: Path
    out: Path
    facts: dict[str, Any]

    @property
    def state(self) -> Path:
        return self.out / "state"


def open_job(
    kind: str, checkpoint: Path, dataset: Path, out: Path, settings: TrainingSettings, checkpoint_id: str | None
) -> Job:
    """Creates or reopens `out`. Raises AlignmentError where it holds a different training, or an input is missing."""
    job = described(kind, checkpoint, dataset, out, settings, checkpoint_id)
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / "job.json", job.facts)
    return job


def described(
    kind: str, checkpoint: Path, dataset: Path, out: Path, settings: TrainingSettings, checkpoint_id: str | None = None
) -> Job:
    """The job that `open_job` opens; makes nothing. Raises AlignmentError as that does."""
    try:
        check(checkpoint)
    except CheckpointError as cause:
        raise AlignmentError(str(cause)) from cause
    if checkpoint.resolve() == out.resolve():
        raise AlignmentError(f"{out}: the trained checkpoint must not overwrite the one it starts from")
    if not dataset.exists():
        raise AlignmentError(f"{dataset}: no such data set")
    facts = {
        "kind": kind,
        "settings": settings.model_dump(),
        "start_checkpoint": checkpoint_id or identity(checkpoint),
        "dataset": fingerprint(dataset),
    }
    record = out / "job.json"
    if record.is_file() and has_begun(out):  # what was refused before its first step holds nobody back
        held = _object(record)
        if differing := [key for key in facts if held.get(key) != facts[key]]:
            raise AlignmentError(
                f"{out} holds a training with another {', '.join(differing)}; choose another directory or remove it"
            )
    return Job(kind, checkpoint, out, facts)


def has_begun(out: Path) -> bool:
    """Whether anything has come of a training in `out`: a state, or a record of its end."""
    state = out / "state"
    return (out / "training.json").exists() or (state.is_dir() and any(state.iterdir()))


def finished_result(job: Job) -> TrainResult | None:
    """The result of a job that is already done, or None."""
    record = job.out / "training.json"
    if not record.is_file():
        return None
    try:
        result = result_from_json(_object(record)["result"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AlignmentError(f"{record}: not the record of a training ({error!r}); {MEND}") from None
    return replace(result, checkpoint=job.out)  # the directory may have been moved


def _object(record: Path) -> dict[str, Any]:
    try:
        return object_in(record)
    except RowsError as error:
        raise AlignmentError(f"{error}; {MEND}") from None


def result_to_json(result: TrainResult) -> TrainingFigures:
    """As training.json, the ledger and `lab train --json` hold it."""
    return cast("TrainingFigures", {**asdict(result), "checkpoint": str(result.checkpoint)})


def result_from_json(data: dict[str, Any]) -> TrainResult:
    return TrainResult(
        **{
            **data,
            "checkpoint": Path(data["checkpoint"]),
            "losses": [(step, loss) for step, loss in data["losses"]],
            "metrics": {name: [(step, value) for step, value in points] for name, points in data["metrics"].items()},
        }
    )


def write_json(path: Path, data: Any) -> None:
    """Whole or not at all: written beside and renamed."""
    with whole(path) as draft:
        draft.write_text(json.dumps(data, indent=2) + "\n")
