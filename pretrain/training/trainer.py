"""The training loop: one stage of a pre-training, on one process or many, resumable bit for bit.

`train` is the loop. It reads: size of the step, batch, micro-batches, clip, update or skip, record, evaluate, save.

It writes `<out>/metrics.jsonl` (`metrics.py`) and resumable states `<out>/state/<stage>/step-*` (`states.py`).
"""

import contextlib
import dataclasses
import math
import signal
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from pretrain.data.packing import PackedBatch
from pretrain.errors import PretrainError
from pretrain.model import Transformer, training_flops
from pretrain.objective import Objective
from pretrain.training import states as checkpoint
from pretrain.training.learner import Learner
from pretrain.training.metrics import Metrics, StepRecord
from pretrain.training.progress import matmul_peak
from pretrain.training.schedules import Ramp, Training, learning_rate, snapshot_steps, step_sizes

if TYPE_CHECKING:
    from pretrain.data.loader import Loader
    from pretrain.distributed.mesh import Mesh

__all__ = ["Interrupted", "Ramp", "StepRecord", "Trained", "Training", "held_out_loss", "train"]

WINDOW = 64
"""Losses that a new one is compared with."""
ENOUGH_LOSSES = 16
"""Fewer than these say nothing about what is usual."""


PATIENCE_S = 1.0
"""Seconds after a Ctrl-C in which another one is taken for the same."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C or SIGTERM came; the state is saved, and the same call goes on from it."""


@dataclass(frozen=True)
class Trained:
    """What a training came to."""

    model: Transformer
    """float32. Under a mesh its blocks are gathered as they run (`distributed/gather.py`): for evaluation, on all
    ranks alike."""
    weights: dict[str, Tensor]
    """The model's, float32, by parameter name; under a mesh this rank's shards."""
    average: dict[str, Tensor] | None
    """Mean of the snapshots, in the same form; None where none were asked for."""
    steps: int
    tokens: int
    loss: float
    """Mean of the training loss of the last ten steps that were not skipped."""
    evaluation: dict[str, float]
    """The last one."""
    skipped: int
    tokens_per_s: float
    stopped_early: bool
    """`enough` said so before the budget was spent."""


@dataclass
class _Position:
    """Where a training stands: what a state holds beside tensors."""

    step: int = 0
    tokens: int = 0
    updates: int = 0
    skipped: int = 0
    skipped_in_a_row: int = 0
    snapshots: int = 0
    seconds: float = 0.0
    recent: list[float] = field(default_factory=list)
    evaluation: dict[str, float] = field(default_factory=dict)
    metrics_bytes: int = 0
    finished: bool = False
    stopped_early: bool = False
    loader: dict[str, Any] = field(default_factory=dict)


def train(
    model: Transformer,
    loader: "Loader",
    training: Training,
    out: Path | None = None,
    *,
    stage: str = "train",
    start: Path | None = None,
    mesh: "Mesh | None" = None,
    weights: Iterator[tuple[str, Tensor]] | None = None,
    evaluate: Callable[[Transformer], dict[str, float]] | None = None,
    enough: Callable[[int, dict[str, float]], bool] | None = None,
    on_step: Callable[[StepRecord], None] | None = None,
) -> Trained:
    """Train a float32 model on the loader's batches; with `out`, go on from the newest state there.

    `start` is a state of another training whose weights, optimizer moments and data position this one begins with.
    Under a mesh the model may be on the meta device; its values are then a state's, or `weights`: all tensors in the
    order of the parameters. `evaluate` is called with a whole model, on every rank, and rank 0's figures hold for all;
    `enough(tokens, evaluation)` then decides whether to stop before the budget. Raises Interrupted after Ctrl-C (the
    state is saved first) and PretrainError where the loss is not finite, or spikes, `max_skips` times in a row.
    """
    if mesh:
        from pretrain.distributed.parallel import local_batch
    folder = out / "state" / stage if out else None
    own = checkpoint.latest(folder) if folder else None
    learner = Learner(model, training, mesh, None if own or start else weights)
    here = _resume(learner, loader, own, start)
    if here.finished:
        return _result(learner, here)
    saver = checkpoint.Saver(folder, training.keep, mesh) if folder else None
    sums, data_size = partial(_sum_over_ranks, mesh), mesh.data_size if mesh else 1
    peak = matmul_peak(learner.device, training.dtype) * (mesh.world_size if mesh else 1)
    snapshots = snapshot_steps(training)
    with _stop_requested() as stopping, Metrics(out, stage, here.step, here.metrics_bytes, mesh) as metrics:
        while not here.finished:
            began = time.perf_counter()
            rows, length = step_sizes(training, here.tokens)
            model.config.check_length(length, "a row")
            loader.resize(sequence_length=length, rows=rows)
            batch = loader.batch()
            micros = batch.split(_parts(batch.rows, length, training.micro_batch_tokens))
            flops = training_flops(model.config, batch.document_offsets.diff().tolist()) * data_size
            if mesh:
                micros = [local_batch(micro, mesh) for micro in micros]
            targets, stop = sums([sum(micro.n_targets for micro in micros), stopping.is_set()])
            if stop:
                _save(saver, learner, here)
                _close(saver)
                raise Interrupted
            here.loader = loader.state()
            before, here.tokens, here.step = here.tokens, here.tokens + rows * length, here.step + 1
            lr = learning_rate(training, before, here.tokens)

            (loss,) = sums([sum(learner.backward(micro, targets) for micro in micros)])
            grad_norm = learner.clip()
            skipped = _reason_to_skip(loss, grad_norm, here.recent)
            learner.update(lr, skip=skipped is not None)
            _account(here, loss, skipped)
            if here.step in snapshots:
                here.snapshots += 1
                learner.snapshot(here.snapshots)
            seconds = time.perf_counter() - began
            here.seconds += seconds
            here.finished = here.tokens >= training.tokens

            evaluation = None
            if evaluate and (here.finished or _turn(here.step, training.evaluate_every)):
                evaluation = here.evaluation = _agreed(mesh, evaluate(learner.whole_model()))
                here.stopped_early = not here.finished and enough is not None and enough(here.tokens, evaluation)
                here.finished = here.finished or here.stopped_early
            record = StepRecord(
                stage, here.step, here.tokens, loss, lr, grad_norm, rows * length / seconds,
                flops / seconds / peak, length, rows * length, skipped, evaluation,
            )  # fmt: skip
            here.metrics_bytes = metrics.write(record)
            if on_step:
                on_step(record)
            if here.skipped_in_a_row >= training.max_skips:
                raise PretrainError(_why_stopped(here, skipped, folder))
            # A streak of skipped updates is not a place to come back to.
            if here.finished or (_turn(here.step, training.checkpoint_every) and not here.skipped_in_a_row):
                _save(saver, learner, here)
        # Ctrl-C in the last step, or in its evaluation, must not be lost on whoever trains the next stage.
        (stop,) = sums([stopping.is_set()])
    _close(saver)
    if stop:
        raise Interrupted
    return _result(learner, here)


@torch.no_grad()
def held_out_loss(model: Transformer, batches: Sequence[PackedBatch]) -> float:
    """Mean loss per target token of these batches, nats."""
    objective, device = Objective(model), next(model.parameters()).device
    total = count = 0.0
    for batch in batches:
        here = batch.to(device)
        total += float(objective(here.tokens, here.targets, here.document_offsets))
        count += batch.n_targets
    return total / max(count, 1.0)


def _resume(learner: Learner, loader: "Loader", own: Path | None, start: Path | None) -> _Position:
    """Load this training's own state, else `start`, else nothing; set the loader to match."""
    state = own or start
    if state is None:
        return _Position(loader=loader.state())
    facts = checkpoint.load(state, learner.tensors(average=state is own), learner.mesh)
    try:
        here = _Position(**facts)
        learner.loaded(here.updates)
        loader.restore(here.loader)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PretrainError(
            f"{state / 'state.json'}: not where a training stands ({error!r}); remove {state.name} to go on from an older one"
        ) from None
    if state is own:
        return here
    return _Position(updates=here.updates, metrics_bytes=here.metrics_bytes, loader=here.loader)


def _save(saver: checkpoint.Saver | None, learner: Learner, here: _Position) -> None:
    if saver:
        saver.save(here.step, learner.tensors(), dataclasses.asdict(here))


def _close(saver: checkpoint.Saver | None) -> None:
    if saver:
        saver.close()


def _result(learner: Learner, here: _Position) -> Trained:
    model = learner.release()
    return Trained(
        model=model,
        weights=dict(learner.weights if learner.mesh else model.named_parameters()),
        average=learner.average or None,
        steps=here.step,
        tokens=here.tokens,
        loss=statistics.fmean(here.recent[-10:]) if here.recent else math.nan,
        evaluation=here.evaluation,
        skipped=here.skipped,
        tokens_per_s=here.tokens / here.seconds if here.seconds else 0.0,
        stopped_early=here.stopped_early,
    )


def _parts(rows: int, length: int, micro_batch_tokens: int | None) -> int:
    """Into how many micro-batches of equal whole rows a share of `rows` is split."""
    most = max(1, (micro_batch_tokens or rows * length) // length)
    return next(parts for parts in range(1, rows + 1) if rows % parts == 0 and rows // parts <= most)


def _reason_to_skip(loss: float, grad_norm: float, recent: Sequence[float]) -> str | None:
    """Why this update would do harm; the same on every rank, since loss and norm are global.

    A spike is a loss more than a nat, and more than ten times the usual deviation, above the running median. Gradients
    that are merely large are clipped, not skipped.
    """
    if not math.isfinite(loss):
        return f"the loss is {loss}"
    if not math.isfinite(grad_norm):
        return f"the gradient's norm is {grad_norm}"
    if len(recent) >= ENOUGH_LOSSES:
        median = statistics.median(recent)
        deviation = 1.4826 * statistics.median(abs(value - median) for value in recent)
        if loss > median + max(1.0, 10 * deviation):
            return f"the loss {loss:.3f} is a spike over the running median {median:.3f}"
    return None


def _account(here: _Position, loss: float, skipped: str | None) -> None:
    if skipped:
        here.skipped, here.skipped_in_a_row = here.skipped + 1, here.skipped_in_a_row + 1
    else:
        here.updates, here.skipped_in_a_row = here.updates + 1, 0
        here.recent = [*here.recent, loss][-WINDOW:]


def _why_stopped(here: _Position, reason: str | None, folder: Path | None) -> str:
    state = checkpoint.latest(folder) if folder else None
    return (
        f"step {here.step}: {here.skipped_in_a_row} updates in a row were skipped, the last because {reason}. "
        f"Look at the data from here on; where only these are bad, raise max_skips and the same command goes on"
        + (f" from {state}" if state else "")
        + ". Lower lr or clip_norm, or a longer warm-up, is for a new run"
    )


def _turn(step: int, every: int) -> bool:
    return every > 0 and step % every == 0


def _sum_over_ranks(mesh: "Mesh | None", values: list[float]) -> list[float]:
    if mesh is None:
        return values
    from pretrain.distributed.mesh import sum_over_ranks

    return sum_over_ranks(values, mesh)


def _agreed(mesh: "Mesh | None", figures: dict[str, float]) -> dict[str, float]:
    """Rank 0's figures. Ranks whose last bits differ must not judge a gate differently: one would wait for the other."""
    if mesh is None:
        return figures
    box = [figures]
    torch.distributed.broadcast_object_list(box, src=0)
    return box[0]


@contextlib.contextmanager
def _stop_requested() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; a later Ctrl-C ends the process at once.

    Not a prompt one: torchrun passes on to its processes the Ctrl-C that they have had from the terminal already.
    """
    event = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return

    first = math.inf

    def stop(number: int, frame: object) -> None:
        nonlocal first
        if number == signal.SIGINT and time.monotonic() - first > PATIENCE_S:
            raise KeyboardInterrupt
        first = min(first, time.monotonic())
        event.set()

    old = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield event
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
