"""A training of a round: once, or several times with other settings, whose weights are then averaged (section 4.1.5)."""

import asyncio
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

from alignment.child import TrainingObserver, train_in_child
from alignment.data.sets import DataSet
from alignment.job import result_to_json
from alignment.trainings import Training
from checkpoints.average import average, weights_of
from ledger import Ledger, facts
from ledger.facts import TrainingTold
from recipes.trainings import TrainingSettings


async def train(
    training: Training,
    variants: Sequence[TrainingSettings],
    ledger: Ledger,
    start: Path,
    data: DataSet,
    observer: TrainingObserver,
) -> Path | None:
    """The checkpoint that the training makes, or the mean of those that its variants make; None where there was nothing to
    train on. What is done of it already is not done again.
    """
    if not data.rows:
        left_out = ", ".join(f"{count:,} {reason}" for reason, count in sorted(data.dropped.items()))
        why = f"the {data.name} set is empty: {f'left out {left_out}' if left_out else 'no attempt made a row of it'}"
        await ledger.record_step(f"train {training.name}", "skipped", {"reason": why})
        observer.say(f"train {training.name}: skipped, {why}")
        return None
    if len(variants) == 1:
        return await _train(training, training.name, variants[0], ledger, start, data, observer)
    names = [f"{training.name}-{number}" for number in range(1, len(variants) + 1)]
    made = []
    for name, settings in zip(names, variants, strict=True):
        if not is_done(ledger, f"train {name}"):
            differs = ", ".join(f"{key} {value}" for key, value in settings if _differs(key, variants))
            observer.say(f"train {name}: {differs or 'as the others'}")
        made.append(await _train(training, name, settings, ledger, start, data, observer))
    return await _average(training.name, made, ledger, observer)


def is_done(ledger: Ledger, step: str) -> bool:
    """Whether the step has come to its end."""
    return bool(ledger.steps().get(step, {}).get("state") == "done")


def _differs(key: str, variants: Sequence[TrainingSettings]) -> bool:
    return len({repr(getattr(settings, key)) for settings in variants}) > 1


async def _train(
    training: Training,
    name: str,
    settings: TrainingSettings,
    ledger: Ledger,
    start: Path,
    data: DataSet,
    observer: TrainingObserver,
) -> Path:
    step = f"train {name}"
    out = ledger.run_dir / "checkpoints" / name
    if is_done(ledger, step):
        return out
    await ledger.record_step(step, "running", {})
    result = await train_in_child(training.name, start, data.path, out, settings, observer)
    await ledger.record(facts.TRAINING, result_to_json(result), name)
    if result.stopped:
        observer.say(f"{step}: {result.stopped}")
    label = training.label + name.removeprefix(training.name).replace("-", ", variant ")
    told: TrainingTold = {"label": label, "curves": dict(training.curves), "note": training.note}
    await ledger.record(facts.TRAINING_TOLD, told, name)
    await ledger.record_step(step, "done", {"steps": result.steps, "final_loss": result.final_loss})
    return result.checkpoint


async def _average(name: str, made: Sequence[Path], ledger: Ledger, observer: TrainingObserver) -> Path:
    """The uniform mean, once."""
    step = f"average {name}"
    out = ledger.run_dir / "checkpoints" / name
    if is_done(ledger, step):
        return out
    await ledger.record_step(step, "running", {})
    await mean_of(made, out)
    observer.say(f"{step}: the mean of {len(made)} checkpoints")
    await ledger.record_step(step, "done", {"of": [path.name for path in made]})
    return out


async def mean_of(paths: Sequence[Path], out: Path) -> Path:
    """The uniform mean in `out`, in the place of what is there, in a thread that ends before a cancelled run does."""
    shutil.rmtree(out, ignore_errors=True)  # of a run that was killed while the files were moved there
    cancelled = threading.Event()

    def on_progress(done: int, total: int) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt

    work = asyncio.get_running_loop().run_in_executor(
        None, lambda: average(paths, out, weights_of(len(paths)), on_progress)
    )
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        cancelled.set()
        await asyncio.wait([work])
        raise
