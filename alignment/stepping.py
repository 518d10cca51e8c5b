"""What is told of each step of a training on TRL, when its state is saved, where it stops, and what its record says at the end."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alignment import processes
from alignment.errors import AlignmentError
from alignment.job import Job, OnProgress, TrainingProgress, TrainResult, is_whole, states_in
from rows.limits import object_in


@dataclass(frozen=True)
class BatchPlan:
    """Which rows each step sees. Fixed beforehand, so a resumed run goes on with exactly the rows that were left."""

    order: list[int]
    batch_size: int
    micro_batch: int
    tokens_after: list[int]
    """Tokens trained on after step s, at index s."""

    @property
    def steps(self) -> int:
        return len(self.tokens_after) - 1


def watch_callback(
    trainer: Any,
    plan: BatchPlan,
    spent_s: float,
    first_step: int,
    save_every_s: float,
    on_progress: OnProgress,
    look: Callable[[int], Mapping[str, float]],
    check: Callable[[Sequence[Mapping[str, float]]], str],
) -> Any:
    """A trainer callback that checks each step's figures, reports progress, and saves the state by the clock. Afterwards its
    `interrupted` says that `on_progress` raised KeyboardInterrupt, its `past` why `check` ended the training.
    """
    from transformers import TrainerCallback

    class Watch(TrainerCallback):
        interrupted = False
        past = ""

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.started = self.saved = time.monotonic()
            if not first_step:
                look(0)

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            # Into the trainer's own log, so that they survive in trainer_state.json.
            seen = look(state.global_step)
            for name, value in seen.items():
                trainer._metrics["train"][name] = [value]
            trainer._metrics["train"]["seconds"] = [spent_s + time.monotonic() - self.started]
            due = bool(seen) or time.monotonic() - self.saved >= save_every_s
            control.should_save = state.global_step < plan.steps and processes.agreed(due)

        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            self.saved = time.monotonic()

        def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
            if not logs or "loss" not in logs:
                return
            step = state.global_step
            for name in ("loss", "grad_norm"):
                if not math.isfinite(logs.get(name, 0.0)):
                    raise AlignmentError(
                        f"step {step}: {name} is {logs[name]}; lower the learning rate ({args.learning_rate}) "
                        "or look for broken rows in the data"
                    )
            here_s = time.monotonic() - self.started
            eta_s = here_s / max(step - first_step, 1) * (plan.steps - step)
            figures = {name: float(value) for name, value in logs.items() if name not in UNREPORTED}
            try:
                on_progress(
                    TrainingProgress(
                        step, plan.steps, logs["loss"], plan.tokens_after[step], spent_s + here_s, eta_s, figures
                    )
                )
                stopped = False
            except KeyboardInterrupt:
                stopped = True
            why = check([entry for entry in state.log_history if "loss" in entry]) if processes.is_first() else ""
            stopped, why = processes.agreed((stopped, why))  # all of them end, or none
            if stopped:
                self.interrupted = step < plan.steps
            if self.interrupted:
                control.should_save = control.should_training_stop = True
            if why:
                self.past = f"stopped at step {step} of {plan.steps}: {why}"
                self.interrupted = control.should_save = False  # of what is past a limit nothing is kept
                control.should_training_stop = True

    return Watch()


UNREPORTED = ("loss", "epoch", "num_tokens", "seconds", "step")
"""Log entries that TrainResult says elsewhere, or that our ordering of rows makes meaningless."""


def taken_back(trainer: Any, past: str, state: Path) -> None:
    """Has the trainer hold what it held when its state was last saved, before it was past a limit. Raises AlignmentError where nothing
    was saved.
    """
    with processes.first_alone():
        kept = last_complete_state(state)
    if kept is None:
        raise AlignmentError(f"{past}; no step before it was saved")
    trainer._load_from_checkpoint(str(kept))
    done = int(object_in(kept / "trainer_state.json")["global_step"])
    trainer.state.log_history = [entry for entry in trainer.state.log_history if entry.get("step", 0) <= done]


def last_complete_state(state: Path) -> Path | None:
    """The newest state that is whole; broken newer ones are removed."""
    for folder in states_in(state):
        if is_whole(folder):
            return folder
        shutil.rmtree(folder)
    return None


def summarise(
    job: Job, history: list[dict[str, Any]], plan: BatchPlan, dropped: dict[str, int], rows: int, past: str
) -> TrainResult:
    """What the record says. `past`: why the training ended before its last step."""
    steps = [entry for entry in history if "loss" in entry]
    names = {name for entry in steps for name in entry} - set(UNREPORTED)
    seconds, done = steps[-1]["seconds"], steps[-1]["step"]
    return TrainResult(
        checkpoint=job.out,
        steps=done,
        final_loss=steps[-1]["loss"],
        losses=[(entry["step"], entry["loss"]) for entry in steps],
        metrics={name: [(e["step"], e[name]) for e in steps if name in e] for name in sorted(names)},
        rows=rows,
        dropped=dropped,
        tokens=plan.tokens_after[done],
        seconds=seconds,
        tokens_per_s=plan.tokens_after[done] / seconds,
        stopped=f"{past}; what it was after step {done} is kept" if past else "",
    )
