"""The steps of a run that learns from the policy's own answers: a batch, what its tokens are worth, an update, new weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from alignment.errors import AlignmentError
from alignment.job import Job, OnProgress, TrainingProgress, TrainResult
from alignment.processes import refuse_other_state
from alignment.stepping import last_complete_state
from alignment.trainings.ppo.ahead import Ahead, Draw
from alignment.trainings.ppo.learner import Answer, Learner
from alignment.trainings.ppo.objective import NEAR_1, by_lag, check_ratio_is_1, mismatch
from alignment.trainings.ppo.several import leading
from alignment.trainings.ppo.state import Progress, finish, save
from checkpoints.precision import compute_dtype

if TYPE_CHECKING:
    from torch import Tensor

    from recipes.trainings import OnPolicy

Advantages = Callable[[Sequence[Answer], Sequence[list[float]]], dict[str, float]]
"""Sets the advantages of answers, of which `old` and `reference` are known, with the critic's values; returns figures of them."""
Check = Callable[[list[dict[str, float]]], str]
"""Looks at the figures by step so far; may add to the last, and says why the run has to stop, if it has to."""


def run_steps(
    job: Job,
    done: Progress,
    steps: int,
    rows: int,
    settings: OnPolicy,
    learner: Learner,
    draw: Draw,
    advantages: Advantages,
    on_progress: OnProgress,
    check: Check = lambda history: "",
) -> TrainResult:
    """Makes the steps that are left and leaves the checkpoint. A state is saved every `save_every_s`, and where `on_progress` raises
    KeyboardInterrupt. Raises AlignmentError, also with what `check` says.
    """
    with leading(learner):
        _make_steps(job, done, steps, settings, learner, draw, advantages, on_progress, check)
        return finish(job, done, learner, rows)


def _make_steps(
    job: Job,
    done: Progress,
    steps: int,
    settings: OnPolicy,
    learner: Learner,
    draw: Draw,
    advantages: Advantages,
    on_progress: OnProgress,
    check: Check,
) -> None:
    from torch.utils.tensorboard import SummaryWriter

    last = last_complete_state(job.state)
    if last:
        refuse_other_state(last)
        learner.load(last)
    began_with = learner.version
    writer = SummaryWriter(str(job.out / "tensorboard"), purge_step=done.step + 1)
    at = {"step": done.step, "steps": steps, "cursor": done.cursor}
    with Ahead(job.checkpoint, settings, draw, **at, state=last) as ahead:
        if last:
            ahead.update(learner)
        began = saved = time.monotonic()
        spent_s, first = done.seconds, done.step
        try:
            while done.step < steps:
                figures = one_step(done, ahead, learner, advantages, first=learner.version == began_with)
                here_s = time.monotonic() - began
                done.seconds = spent_s + here_s
                done.step += 1
                done.history.append({"step": done.step, "seconds": done.seconds, **figures})
                problem = check(done.history)
                shown = {name: value for name, value in done.history[-1].items() if name not in ("step", "seconds")}
                for name, value in shown.items():
                    writer.add_scalar(f"train/{name}", value, done.step)
                loss = shown.pop("loss")
                eta_s = here_s / (done.step - first) * (steps - done.step)
                stopped = None
                try:
                    on_progress(TrainingProgress(done.step, steps, loss, done.tokens, done.seconds, eta_s, shown))
                except KeyboardInterrupt as interrupt:
                    stopped = interrupt
                if problem:
                    raise AlignmentError(problem)
                if done.step < steps and (stopped or time.monotonic() - saved >= settings.save_every_s):
                    save(job, done, learner, ahead)
                    saved = time.monotonic()
                if stopped and done.step < steps:
                    raise KeyboardInterrupt(f"stopped and saved at step {done.step} of {steps}") from stopped
        finally:
            writer.close()


def one_step(
    done: Progress, ahead: Ahead, learner: Learner, advantages: Advantages, *, first: bool
) -> dict[str, float]:
    """Take a batch, learn from it, and hand the new weights to the engine. Returns the step's figures; `first`: nothing was learned
    yet since this process began.
    """
    clock = time.monotonic()
    batch = ahead.next()
    answers, figures = batch.answers, {**batch.figures, "seconds/idle": time.monotonic() - clock}
    if not answers:
        return {"loss": 0.0, **figures}
    clock = time.monotonic()
    old, values = learner.measure(answers, done.step)  # 3
    reference = learner.reference_log_probs(answers, done.step)
    for answer, own, theirs in zip(answers, old, reference, strict=True):
        answer.old, answer.reference = own, theirs
    if not ahead.held:
        ahead.held = held(ahead, learner, answers, done.step)
    apart = mismatch(*both(answers)) | by_lag(*both(answers), lags(answers, learner.version))
    figures |= advantages(answers, values)
    learned = learner.update(answers, done.step, first=first)
    figures["seconds/learn"] = time.monotonic() - clock
    ahead.update(learner)
    done.tokens += sum(len(answer.prompt) + len(answer.ids) for answer in answers)
    for name in ("grad_norm", "learning_rate", "loss"):
        figures[name] = learned.pop(name)
    figures |= {f"mismatch/{name}": value for name, value in apart.items()}
    return figures | {f"policy/{name}": value for name, value in learned.items()}


def held(ahead: Ahead, learner: Learner, answers: Sequence[Answer], step: int) -> bool:
    """Whether the engine was held to the learner by what it drew under the learner's weights of now: these `answers`, or where they
    are of older weights those asked for last. Raises AlignmentError where the two are not one policy.
    """
    if any(lags(answers, learner.version)):
        newest = ahead.newest()
        answers = newest.answers if newest else []
        for answer, own in zip(answers, learner.measure(answers, step)[0], strict=True):
            answer.old = own
    if not answers:
        return False
    check_ratio_is_1(mismatch(*both(answers))["kl"], NEAR_1[compute_dtype()], "sampler and trainer")
    return True


def both(answers: Sequence[Answer]) -> tuple[Tensor, Tensor]:
    """Log-probability of each token by the trainer and by the sampler, each of shape (tokens,)."""
    import torch

    trainer, sampler = (torch.tensor([x for a in answers for x in getattr(a, side)]) for side in ("old", "sampler"))
    return trainer, sampler


def lags(answers: Sequence[Answer], version: int) -> list[int]:
    """Of each token, how many updates older than `version` the weights were that drew it."""
    return [version - one for answer in answers for one in answer.versions]
