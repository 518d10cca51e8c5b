"""Many small trainings side by side, each durable: what the scaling study, the mix search and the annealing judge share.

A run is data (`SmallRun`), so it can be sent to another process and compared with what a folder already holds. Several
processes with a thread each finish a set of tiny models sooner than one process with as many threads.
"""

import functools
import hashlib
import json
import multiprocessing
import multiprocessing.connection
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from checkpoints.directory import identity
from pretrain.data import shards
from pretrain.data.loader import Loader, Source
from pretrain.data.shards import write_atomically
from pretrain.errors import PretrainError
from pretrain.huggingface import load_huggingface
from pretrain.model import ModelConfig, Transformer, parameter_count, training_flops
from pretrain.training.schedules import Training, at, step_count

if TYPE_CHECKING:
    from pretrain.data.packing import PackedBatch
    from pretrain.training.metrics import StepRecord

EVALUATION_SEED = 0
"""Evaluations are the same batches for every run, whatever its seed."""
INITIAL_DEVIATION = 0.5
"""Of a small model's matrices, as a share of `Transformer.initialise`'s, which is width ** -0.5."""
BEGUN = "run.json"
"""In the folder of a run that is under way: which one it is."""
FLOPS_SAMPLE = 256
"""Rows from whose document lengths the attention's share of a run's FLOPs is taken."""


@dataclass(frozen=True)
class Evaluation:
    """Held-out text under a name."""

    name: str
    sources: tuple[Source, ...]
    part: str = "held-out"
    """"held-out": what the sources keep from training; "train": all of a source that nothing trains on."""
    tokens: int = 65_536


@dataclass(frozen=True)
class SmallRun:
    """All that decides one small training."""

    name: str
    """Unique in its study; the name of its file."""
    model: ModelConfig | Path
    """A shape, trained from random weights; or a Hugging Face directory, trained on from its weights."""
    sources: tuple[Source, ...]
    training: Training
    evaluations: tuple[Evaluation, ...]
    seed: int = 0
    packing: str = "sequential"


@dataclass(frozen=True)
class Finished:
    """What a small run came to."""

    name: str
    losses: dict[str, float]
    """Nats per token, by evaluation."""
    parameters: int
    tokens: int
    flops: float
    training_loss: float
    seconds: float
    cpu_seconds: float
    """Of all its threads. What else ran on the machine shows in `seconds`, hardly here."""
    epochs: float
    """How often the source that was read most was gone through; above 1 text was repeated."""


@dataclass(frozen=True)
class Standing:
    """How far a set of runs is."""

    finished: int
    total: int
    share: float
    """Of the floating-point operations."""
    seconds_left: float | None
    latest: Finished | None


def run_all(
    runs: Sequence[SmallRun],
    folder: Path,
    *,
    processes: int = 2,
    threads: int = 1,
    show: Callable[[Standing], None] = lambda standing: None,
) -> list[Finished]:
    """Every run's result, in order. Those that `<folder>/NAME.json` holds are read, the others trained, large ones first.

    A run that was broken off goes on from its last quarter. `processes` 0 trains here, one after the other. Raises PretrainError where a stored result is of another
    run, or a worker died; KeyboardInterrupt after the workers have saved.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = {run.name: found for run in runs if (found := stored(run, folder))}
    if len({run.name for run in runs}) < len(runs):
        raise PretrainError("two runs of one study have the same name")
    waiting = [run for run in runs if run.name not in done]
    costs = {run.name: _cost(run) for run in waiting}
    waiting.sort(key=lambda run: -costs[run.name])
    if waiting:
        shares = dict.fromkeys(costs, 0.0)
        began = time.monotonic()

        def report(latest: Finished | None) -> None:
            share = sum(costs[name] * part for name, part in shares.items()) / sum(costs.values())
            left = (time.monotonic() - began) * (1 - share) / share if share > 0.005 else None
            show(Standing(len(done), len(runs), share, left, latest))

        if processes:
            results = _in_processes(waiting, folder, min(processes, len(waiting)), threads, shares, report)
        else:
            results = (run_one(run, folder) for run in waiting)
        for finished in results:
            done[finished.name], shares[finished.name] = finished, 1.0
            report(finished)
    return [done[run.name] for run in runs]


def run_one(run: SmallRun, folder: Path, on_share: Callable[[float], None] = lambda share: None) -> Finished:
    """Train, evaluate and store one run, in this process."""
    from pretrain.training.trainer import held_out_loss, train

    began, cpu_began = time.monotonic(), time.process_time()
    training = _quartered(run.training)
    rows, length = _row_shape(training)
    loader = Loader(run.sources, sequence_length=length, rows=rows, seed=run.seed, packing=run.packing)
    evaluations = {e.name: batches(e, length) for e in run.evaluations}  # what cannot be evaluated is not trained
    model = _model(run)
    if loader.vocabulary_size > model.config.vocab_size:
        raise PretrainError(
            f"{run.sources[0].path} is packed for a vocabulary of {loader.vocabulary_size:,}, the model of {run.name} has "
            f"{model.config.vocab_size:,}; pack the source with the model's tokenizer"
        )
    config, flops = model.config, run_flops(run, model.config)

    def on_step(record: "StepRecord") -> None:
        on_share(min(1.0, record.tokens / training.tokens))

    work = folder / run.name
    work.mkdir(parents=True, exist_ok=True)
    write_atomically(work / BEGUN, json.dumps({"run": fingerprint(run)}))
    trained = train(model, loader, training, work, on_step=on_step)
    losses = {name: held_out_loss(trained.model, held_out) for name, held_out in evaluations.items()}
    finished = Finished(
        name=run.name,
        losses=losses,
        parameters=parameter_count(config),
        tokens=trained.tokens,
        flops=flops,
        training_loss=trained.loss,
        seconds=time.monotonic() - began,
        cpu_seconds=time.process_time() - cpu_began,
        epochs=max(loader.epochs().values()),
    )
    tree = {"run": fingerprint(run), **asdict(finished)}
    write_atomically(folder / f"{run.name}.json", json.dumps(tree, indent=1) + "\n")
    shutil.rmtree(work, ignore_errors=True)
    return finished


def stored(run: SmallRun, folder: Path) -> Finished | None:
    """The result that the folder holds for just this run. Refuses another run's of that name, broken off or not."""
    path, work = folder / f"{run.name}.json", folder / run.name
    for place, note in ((path, path), (work / "state", work / BEGUN)):
        noted = shards.stored(note, dict[str, Any], "delete it and the run is made again") if note.exists() else {}
        if place.exists() and noted.get("run") != fingerprint(run):
            raise PretrainError(
                f"{place} was made with other options, other data or by an earlier version; choose another --out, or "
                f"delete {folder} to start afresh"
            )
    return shards.stored(path, Finished, "delete it and the run is made again") if path.exists() else None


def fingerprint(run: SmallRun) -> str:
    """SHA-256 of all that decides the run's result, the packed data's manifests and the weights it begins with included."""
    manifests = []
    for source in (*run.sources, *(source for e in run.evaluations for source in e.sources)):
        path = Path(source.path) / "manifest.json"
        manifests.append(hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "")
    weights = INITIAL_DEVIATION if isinstance(run.model, ModelConfig) else _content(run.model)
    tree = {**asdict(run), "manifests": manifests, "weights": weights}
    return hashlib.sha256(json.dumps(tree, sort_keys=True, default=str).encode()).hexdigest()


@functools.cache
def _content(checkpoint: Path) -> str:
    return identity(checkpoint)


def batches(evaluation: Evaluation, sequence_length: int) -> "list[PackedBatch]":
    """The evaluation's batches: always the same, in whole rows, at least one."""
    loader = Loader(
        evaluation.sources,
        sequence_length=sequence_length,
        rows=max(1, min(16, evaluation.tokens // sequence_length)),
        seed=EVALUATION_SEED,
        part=evaluation.part,
    )
    return [loader.batch() for _ in range(max(1, evaluation.tokens // (loader.rows * sequence_length)))]


def document_lengths(sources: Sequence[Source], sequence_length: int) -> list[int]:
    """Tokens of the documents that the sources' first rows are cut into: what attention's cost per token depends on."""
    loader = Loader(sources, sequence_length=sequence_length, rows=FLOPS_SAMPLE, seed=EVALUATION_SEED)
    return [int(length) for length in loader.batch().document_offsets.diff()]


def run_flops(run: SmallRun, config: ModelConfig) -> float:
    """Floating-point operations of a whole run, its last step complete: `model.training_flops` at these lengths."""
    rows, length = _row_shape(run.training)
    lengths = document_lengths(run.sources, length)
    return training_flops(config, lengths) / sum(lengths) * step_count(run.training) * rows * length


def seconds_text(seconds: float | None) -> str:
    """A duration for people."""
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min {rest:02d} s"


@dataclass
class _Pool:
    """Worker processes that can be told to save and end."""

    executor: ProcessPoolExecutor
    messages: Any
    """Of (pid, None, None) once, then (pid, name, share)."""
    pids: set[int] = field(default_factory=set)


def _in_processes(
    runs: Sequence[SmallRun],
    folder: Path,
    processes: int,
    threads: int,
    shares: dict[str, float],
    report: Callable[[Finished | None], None],
) -> Iterator[Finished]:
    """Yield each run's result as it comes; `shares` is kept up to date."""
    context = multiprocessing.get_context("spawn")
    messages = context.SimpleQueue()
    executor = ProcessPoolExecutor(processes, context, initializer=_begin, initargs=(threads, messages))
    pool = _Pool(executor, messages)
    pending: set[Future[Finished]] = {executor.submit(_work, run, folder) for run in runs}
    try:
        while pending:
            ready, pending = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
            _listen(pool, shares)
            for future in ready:
                yield future.result()
            if not ready:
                report(None)
    except BrokenProcessPool:
        raise PretrainError(
            "a worker process died, perhaps for want of memory; the same command goes on, with fewer --processes"
        ) from None
    finally:
        # After an error or Ctrl-C the workers save what they have; after the last result there is nothing to save.
        _listen(pool, shares)
        if pending:
            for pid in pool.pids:
                _terminate(pid)
        executor.shutdown(wait=True, cancel_futures=True)


def _listen(pool: _Pool, shares: dict[str, float]) -> None:
    while not pool.messages.empty():
        pid, name, share = pool.messages.get()
        pool.pids.add(pid)
        if name is not None:
            shares[name] = share


def _terminate(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return


_messages: Any = None
_stopped = False


def _begin(threads: int, messages: Any) -> None:
    """A worker's first words. It ends when its parent is gone, even by kill -9."""
    global _messages
    _messages = messages
    # Ctrl-C in a terminal goes to the whole group; the parent passes it on once, since a second one would not let a run save.
    os.setpgrp()
    torch.set_num_threads(threads)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            multiprocessing.connection.wait([parent.sentinel])
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
    messages.put((os.getpid(), None, None))


def _work(run: SmallRun, folder: Path) -> Finished:
    global _stopped
    if _stopped:  # a run that was queued behind the one that was told to stop
        raise KeyboardInterrupt
    said = 0.0

    def on_share(share: float) -> None:
        nonlocal said
        if time.monotonic() - said > 0.5:
            said = time.monotonic()
            _messages.put((os.getpid(), run.name, share))

    try:
        return run_one(run, folder, on_share)
    except KeyboardInterrupt:
        _stopped = True
        raise


def _model(run: SmallRun) -> Transformer:
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if not isinstance(run.model, ModelConfig):
        return load_huggingface(run.model).to(device)
    model = Transformer(run.model)
    model.initialise(torch.Generator().manual_seed(run.seed))
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() == 2:
                parameter.mul_(INITIAL_DEVIATION)
    return model.to(device)


def _cost(run: SmallRun) -> float:
    from pretrain.huggingface import read_config

    return run_flops(run, run.model if isinstance(run.model, ModelConfig) else read_config(run.model))


def _row_shape(training: Training) -> tuple[int, int]:
    length = at(training.sequence_length, 0)
    return at(training.batch_tokens, 0) // length, length


def _quartered(training: Training) -> Training:
    """The same training, with a state to come back to after each quarter."""
    return replace(training, checkpoint_every=max(1, step_count(training) // 4), keep=1)
