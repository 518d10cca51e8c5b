"""How far a run on the policy's own answers is, its steps, what is saved of it, and what is left of it at its end."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from alignment.errors import AlignmentError
from alignment.job import RECORDS, Job, OnProgress, TrainingProgress, TrainResult, result_to_json, write_json
from alignment.trainings.ppo.learner import Learner
from checkpoints.write import write_like
from rows.limits import object_in


@dataclass
class Progress:
    """How far a run is; with the learner's own state all that going on needs."""

    step: int = 0
    cursor: int = 0
    """Problems drawn so far."""
    tokens: int = 0
    seconds: float = 0.0
    history: list[dict[str, float]] = field(default_factory=list)
    """Figures by step."""
    judge: str = ""
    """What judges (`Rewards.identity`)."""
    kept: list[int] = field(default_factory=list)
    """Places of the tasks whose tests are a reward."""
    dropped: dict[str, int] = field(default_factory=dict)


def run_steps(
    job: Job,
    done: Progress,
    steps: int,
    learner: Learner,
    step: Callable[[bool], dict[str, float]],
    on_progress: OnProgress,
    check: Callable[[list[dict[str, float]]], None] = lambda history: None,
) -> None:
    """Makes the steps that are left. `step(first)` makes one and gives its figures; `first` says that it is the first of this
    process. `check` looks at the figures so far. A state is saved every `save_every_s`, and where `on_progress` raises KeyboardInterrupt.
    """
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(job.out / "tensorboard"), purge_step=done.step + 1)
    began = saved = time.monotonic()
    spent_s, first = done.seconds, done.step
    try:
        while done.step < steps:
            figures = step(done.step == first)
            here_s = time.monotonic() - began
            done.seconds = spent_s + here_s
            done.step += 1
            done.history.append({"step": done.step, "seconds": done.seconds, **figures})
            for name, value in figures.items():
                writer.add_scalar(f"train/{name}", value, done.step)
            check(done.history)
            eta_s = here_s / (done.step - first) * (steps - done.step)
            shown = {name: value for name, value in figures.items() if name != "loss"}
            stopped = None
            try:
                on_progress(
                    TrainingProgress(done.step, steps, figures["loss"], done.tokens, done.seconds, eta_s, shown)
                )
            except KeyboardInterrupt as interrupt:
                stopped = interrupt
            if done.step < steps and (stopped or time.monotonic() - saved >= job.facts["settings"]["save_every_s"]):
                save(job, done, learner)
                saved = time.monotonic()
            if stopped and done.step < steps:
                raise KeyboardInterrupt(f"stopped and saved at step {done.step} of {steps}") from stopped
    finally:
        writer.close()


def save(job: Job, done: Progress, learner: Learner) -> None:
    """The learner's state, then the record that makes it whole; older ones go."""
    folder = job.state / f"checkpoint-{done.step}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    learner.save(folder)
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
    write_like(learner.model, job.checkpoint, job.out, draft=job.state / "export", leave=RECORDS)
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
