"""A training directory: what is trained there, how far it is, and how it ended.

While it runs, it holds job.json (what is trained) and the trainer's state under state/. Finished, it is a plain Hugging
Face checkpoint with training.json (the record) and TensorBoard files under tensorboard/ beside it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zipfile import is_zipfile

from alignment import processes
from alignment.errors import AlignmentError
from alignment.tokens.reading import fingerprint
from checkpoints import CheckpointError
from checkpoints.directory import DEFAULT, chat_template, check, check_safetensors, find, identity
from rows.limits import RowsError, object_in
from rows.writers import whole

if TYPE_CHECKING:
    from ledger.facts import TrainingFigures
    from recipes.trainings import TrainingSettings

RECORDS = ("training.json", "job.json", "request.json")
"""What we write into a training directory beside the checkpoint."""
PLACES = ("reward", "teacher")
"""Settings that may name a directory,"""
NO_PLACES = ("sandbox", DEFAULT)
"""and what they may say in its place."""
TORCH = (".pt", ".pth", ".bin")
"""How files of a state end that torch writes: zip archives, whose directory is at their end."""
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
    stopped: str = ""
    """Why it ended before its last step; empty where it did not."""


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
    if processes.is_first():
        out.mkdir(parents=True, exist_ok=True)
        if (before := _asked_before(out)) and before != job.facts and not has_begun(out):
            shutil.rmtree(job.state, ignore_errors=True)  # of another training, of which nothing came
        write_json(out / "job.json", job.facts)
    return job


def _asked_before(out: Path) -> dict[str, Any]:
    """What the last training into `out` was; empty where that is not known."""
    try:
        return object_in(out / "job.json")
    except RowsError:
        return {}


def described(
    kind: str, checkpoint: Path, dataset: Path, out: Path, settings: TrainingSettings, checkpoint_id: str | None = None
) -> Job:
    """The job that `open_job` opens; makes nothing. Raises AlignmentError as that does."""
    try:
        check(checkpoint)
    except CheckpointError as cause:
        raise AlignmentError(str(cause)) from cause
    refuse_itself(checkpoint, out)
    if not dataset.exists():
        raise AlignmentError(f"{dataset}: no such data set")
    template = template_identity(checkpoint)
    refuse_other_template(checkpoint, template)
    facts = {
        "kind": kind,
        "settings": placed(settings).model_dump(),
        "start_checkpoint": checkpoint_id or identity(checkpoint),
        "dataset": fingerprint(dataset),
        "template": template,
    }
    record = out / "job.json"
    if record.is_file() and has_begun(out):  # what was refused before its first step holds nobody back
        held = _object(record)
        # Older versions recorded no template.
        if differing := [
            key for key in facts if held.get(key, facts[key] if key == "template" else None) != facts[key]
        ]:
            if "kind" in differing:  # all else then differs as well
                raise AlignmentError(
                    f"{out} holds a training by {held.get('kind')}; choose another directory or remove it"
                )
            told = ", ".join(_told(key, held.get(key), facts[key]) for key in differing)
            raise AlignmentError(f"{out} holds a training with {told}; choose another directory or remove it")
    if not record.exists() and (lies := _part_of_a_checkpoint(out)):
        raise AlignmentError(f"{out} holds a checkpoint ({lies}) that no training left there; choose another directory")
    return Job(kind, checkpoint, out, facts)


def _part_of_a_checkpoint(out: Path) -> str:
    """The first file in `out` that a trained checkpoint would replace, or be mixed with: of shards that lie there, readers would
    take the old weights for the trained ones.
    """
    found = sorted((*out.glob("config.json"), *out.glob("*.safetensors*")))
    return found[0].name if found else ""


def placed(settings: TrainingSettings) -> TrainingSettings:
    """The settings with each checkpoint beside the policy by its whole path: a training has a working directory of its own."""
    named = {name: getattr(settings, name, "") for name in PLACES}
    found = {name: Path(value).expanduser() for name, value in named.items() if value not in ("", *NO_PLACES)}
    return settings.model_copy(update={name: str(path.resolve()) for name, path in found.items() if path.is_dir()})


def fetch(settings: TrainingSettings) -> None:
    """Has a teacher here that a Hub id names: the training itself asks nobody. Raises AlignmentError."""
    try:
        if teacher := getattr(settings, "teacher", ""):
            find(teacher)
    except CheckpointError as error:
        raise AlignmentError(str(error)) from None


def _told(key: str, held: Any, now: Any) -> str:
    """How one fact differs: `another dataset`; of settings which, and how."""
    if not isinstance(held, dict) or not isinstance(now, dict):
        return f"another {key}"
    names = [name for name in dict.fromkeys((*held, *now)) if held.get(name) != now.get(name)]
    return f"other settings ({', '.join(f'{name}: {held.get(name)} -> {now.get(name)}' for name in names[:5])})"


def refuse_itself(checkpoint: Path, out: Path) -> None:
    """Raises AlignmentError where the two are one directory."""
    if checkpoint.resolve() == out.resolve():
        raise AlignmentError(f"{out}: the trained checkpoint must not overwrite the one it starts from")


def template_identity(checkpoint: Path) -> str:
    """Names the text of a checkpoint's chat template; empty where it has none. Raises AlignmentError."""
    try:
        template = chat_template(checkpoint)
    except CheckpointError as error:
        raise AlignmentError(str(error)) from None
    text = template if isinstance(template, str) else json.dumps(template, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32] if template else ""


def refuse_other_template(checkpoint: Path, now: str) -> None:
    """Raises AlignmentError where a checkpoint of ours was trained with another chat template than it has now: headers and ends
    of answers that it has learned would be others.
    """
    record = checkpoint / "training.json"
    trained_with = _object(record).get("template") if record.is_file() else None
    if trained_with is not None and trained_with != now:
        raise AlignmentError(
            f"{checkpoint}: trained with another chat template ({str(trained_with)[:8]}) than the one that lies there now "
            f"({now[:8] or 'none'}), so it would unlearn where answers begin and end; put the other back, or, to go on with "
            "this one, take training.json out of the directory"
        )


def has_begun(out: Path) -> bool:
    """Whether anything has come of a training in `out`: a whole state, or a record of its end."""
    return (out / "training.json").exists() or any(map(is_whole, states_in(out / "state")))


def states_in(state: Path) -> list[Path]:
    """The folders of saved states, the newest first, whole or not."""
    numbered = [path for path in state.glob("checkpoint-*") if path.name.split("-")[1].isdecimal()]
    return sorted(numbered, key=lambda path: int(path.name.split("-")[1]), reverse=True)


def is_whole(saved: Path) -> bool:
    """Whether a state was written to its end: trainer_state.json comes last, and a disk that was full or lost its power may have kept
    that one alone.
    """
    try:
        object_in(saved / "trainer_state.json")
        for path in saved.glob("*.safetensors"):
            check_safetensors(path)
    except (RowsError, CheckpointError):
        return False
    return all(is_zipfile(path) for path in saved.iterdir() if path.suffix in TORCH)


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
