"""How far a run on the policy's own answers is, what is saved of it, and what is left of it at its end."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.adapters import assembled
from alignment.errors import AlignmentError
from alignment.job import RECORDS, Job, TrainResult, result_to_json, write_json
from alignment.processes import count
from alignment.trainings.ppo.ahead import Ahead
from alignment.trainings.ppo.learner import Learner
from checkpoints.write import write_like
from rows.limits import object_in

if TYPE_CHECKING:
    from recipes.trainings import OnPolicy


@dataclass
class Progress:
    """How far a run is; with the learner's own state all that going on needs."""

    step: int = 0
    cursor: int = 0
    """Where the next batch begins to draw that is asked for."""
    tokens: int = 0
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)
    """Figures by step."""
    judge: str = ""
    """What judges (`Rewards.identity`)."""
    kept: list[int] = field(default_factory=list)
    """Places of the tasks whose tests are a reward."""
    dropped: dict[str, int] = field(default_factory=dict)


def steps_of(settings: OnPolicy, tasks: int) -> int:
    """How many steps a run on so many tasks makes."""
    if settings.max_steps > 0:
        return settings.max_steps
    return max(1, round(settings.epochs * tasks / settings.batch_size))


def save(job: Job, done: Progress, learner: Learner, ahead: Ahead) -> None:
    """The learner's state and the batches ahead of it, then the record that makes it whole; older ones go."""
    folder = job.state / f"checkpoint-{done.step}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    learner.save(folder)
    done.cursor = ahead.save(folder)
    write_json(folder / "trainer_state.json", asdict(done))
    for older in job.state.glob("checkpoint-*"):
        if older != folder:
            shutil.rmtree(older, ignore_errors=True)


def restored(folder: Path) -> Progress:
    """Raises AlignmentError where the record is none of ours."""
    try:
        return Progress(**object_in(folder / "trainer_state.json"))
    except TypeError as cause:
        raise AlignmentError(f"{folder}: not the state of such a run ({cause}); remove it to start over") from None


def finish(job: Job, done: Progress, learner: Learner, rows: int) -> TrainResult:
    job.state.mkdir(exist_ok=True)
    model = assembled(learner.model, dict(learner.weights())) if count() > 1 else learner.model
    write_like(model, job.checkpoint, job.out, draft=job.state / "export", leave=RECORDS)
    names = {name for step in done.history for name in step} - {"step", "loss", "seconds"}
    result = TrainResult(
        checkpoint=job.out,
        steps=done.step,
        final_loss=done.history[-1]["loss"],
        losses=[(int(step["step"]), step["loss"]) for step in done.history],
        metrics={
            name: [(int(step["step"]), step[name]) for step in done.history if name in step] for name in sorted(names)
        },
        rows=rows,
        dropped=done.dropped,
        tokens=done.tokens,
        seconds=done.seconds,
        tokens_per_s=done.tokens / done.seconds,
    )
    write_json(job.out / "training.json", {**job.facts, "result": result_to_json(result)})
    shutil.rmtree(job.state, ignore_errors=True)
    return result
