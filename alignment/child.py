"""Training in a process of its own, so that its memory is gone when it ends and a crash takes nothing else along.

The parent writes out/request.json and starts `python -m alignment`; the child prints one JSON object a line on stdout
(`progress`, then `result` or `error`), everything else goes to out/train.log. The child dies with its parent.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from alignment.errors import AlignmentError
from alignment.job import (
    RECORDS,
    OnProgress,
    TrainingProgress,
    TrainResult,
    fetch,
    has_begun,
    is_whole,
    placed,
    refuse_itself,
    result_from_json,
    result_to_json,
    states_in,
    write_json,
)
from alignment.processes import (
    INTERRUPTED,
    WATCH_S,
    ended_together,
    environment,
    failures,
    free_port,
    inherited,
    is_first,
    refuse_uneven,
)
from alignment.trainings import training_of
from checkpoints.directory import identity
from checkpoints.draft import alone_in

if TYPE_CHECKING:
    from recipes.trainings import TrainingSettings

STOP_GRACE_S = 120.0
"""How long an interrupted child may take to finish its step and save."""


OF_TORCH = re.compile(r"PytorchStreamWriter|unexpected pos \d+")
"""How torch says that a file could not be written, without a number."""
NO_ROOM = 1 << 20
"""Bytes free of a disk that is full."""


class TrainingObserver(Protocol):
    """Who is told how a training goes."""

    def say(self, text: str) -> None: ...

    def training(self, name: str, progress: TrainingProgress) -> None: ...


async def train_in_child(
    name: str,
    start: Path,
    data: Path,
    out: Path,
    settings: TrainingSettings,
    observer: TrainingObserver,
    processes: int | None = None,
) -> TrainResult:
    """Train in child processes without blocking the event loop; when cancelled, they save their state and end first, and when
    cancelled once more, they are killed.

    `processes`: by default one for each GPU, as many as cut a batch evenly.
    """
    cancelled, children = threading.Event(), list[subprocess.Popen[bytes]]()

    def on_progress(progress: TrainingProgress) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt
        observer.training(name, progress)

    def work() -> TrainResult:
        return run_in_subprocess(
            name,
            start,
            data,
            out,
            settings,
            on_progress=on_progress,
            checkpoint_id=identity(start),
            processes=processes_of(settings, processes),
            say=observer.say,
            on_start=children.extend,
        )

    training = asyncio.get_running_loop().run_in_executor(None, work)
    try:
        return await asyncio.shield(training)
    except asyncio.CancelledError:
        cancelled.set()
        observer.say(f"train {name}: saving its state before it stops")
        try:
            await asyncio.wait([training])
        except asyncio.CancelledError:
            while not training.done():
                for child in children:
                    child.kill()
                await asyncio.wait([training], timeout=WATCH_S)
        training.exception()  # KeyboardInterrupt: looked at, since asyncio prints the traceback of what nobody did
        raise


def run_in_subprocess(
    name: str,
    checkpoint: Path,
    dataset: Path,
    out: Path,
    settings: TrainingSettings,
    *,
    on_progress: OnProgress,
    checkpoint_id: str | None = None,
    processes: int = 1,
    say: Callable[[str], None] = lambda text: None,
    on_start: Callable[[Sequence[subprocess.Popen[bytes]]], None] = lambda children: None,
) -> TrainResult:
    """The training of that name (`alignment.trainings`) in a child process, or several. Raises AlignmentError, with the end of the log
    where one crashed.

    On Ctrl-C, or any other exception in `on_progress`, they save their state and end before the exception goes on. `say` is told of a
    state that is half written, and passed over, `on_start` of the processes.
    """
    refuse_itself(checkpoint, out)  # before anything is written there
    if not has_begun(out):
        fetch(settings)
    before = {path.name for path in out.iterdir()} if out.is_dir() else set()
    begun = has_begun(out)
    out.mkdir(parents=True, exist_ok=True)
    request, log = out / "request.json", out / "train.log"
    with held(out):
        asked = {
            "training": name,
            "checkpoint": str(checkpoint.resolve()),
            "dataset": str(dataset.resolve()),
            "out": str(out.resolve()),
            "settings": placed(settings).model_dump(),
            "checkpoint_id": checkpoint_id,
            "parent_pid": os.getpid(),
        }
        pass_over_broken_states(out, say)
        write_json(request, asked)
        children, lines = started(request, log, processes)
        on_start(children)
        try:
            with lines, ended_together(children) as failed:
                try:
                    result = follow(lines, on_progress)
                finally:
                    stop(children, lines)
        except AlignmentError:
            if not begun and not has_begun(out):  # refused before a state: nothing is left of it
                _take_away(out, before)
            raise
    if result is None:
        raise AlignmentError(f"{end_of(children, failed)} and no result; {log} ends:\n{tail(log)}")
    return result


def end_of(children: Sequence[subprocess.Popen[bytes]], failed: Mapping[int, int]) -> str:
    """How a training ended that said nothing of it. `failed`: the status of those that failed before the others were killed."""
    ended = {**failed} or failures(children) or {0: children[0].returncode}
    # One that was killed is the reason why others fail, which miss it, and never the other way round.
    rank, status = min(ended.items(), key=lambda one: one[1])
    which = f", its process {rank + 1} of {len(children)}," if len(children) > 1 else ""
    return f"training{which} ended with status {status}"


@contextlib.contextmanager
def held(out: Path) -> Iterator[None]:
    """No other process trains in `out` meanwhile; the kernel lets go of it when this one ends. Raises AlignmentError."""
    with alone_in(out) as alone:
        if not alone:
            holder = "another process"
            with contextlib.suppress(OSError, ValueError, KeyError):
                holder = f"process {int(json.loads((out / 'request.json').read_text())['parent_pid'])}"
            raise AlignmentError(f"{out}: {holder} trains there; wait for it, stop it, or give another --out")
        yield


def pass_over_broken_states(out: Path, say: Callable[[str], None]) -> None:
    """Removes the states that a full disk or a kill left half written, and says so."""
    states = states_in(out / "state") if (out / "job.json").exists() else []  # else somebody else's
    whole = next(filter(is_whole, states), None)
    for broken in states[: states.index(whole) if whole else None]:
        from_here = f"goes on from {whole.name}" if whole else "begins anew"
        say(f"{broken}: half written, so it is passed over; the training {from_here}")
        shutil.rmtree(broken)


def started(request: Path, log: Path, processes: int) -> tuple[list[subprocess.Popen[bytes]], IO[bytes]]:
    """So many children that train together, and the lines in which the first says how it goes, and each why it cannot. All else that
    they say is in the log.
    """
    port = free_port() if processes > 1 else 0
    lines, told = os.pipe()
    with log.open("ab") as log_file, os.fdopen(told, "wb"):
        children = [
            subprocess.Popen(
                [sys.executable, "-P", "-m", "alignment", str(request.resolve())],
                cwd=Path(__file__).parents[1],
                stdout=told,
                stderr=log_file,
                stdin=subprocess.DEVNULL,
                env={**inherited(os.environ), **child_environment(), **environment(rank, processes, port)},
            )
            for rank in range(processes)
        ]
    return children, os.fdopen(lines, "rb")


def processes_of(settings: TrainingSettings, asked: int | None) -> int:
    """In how many processes a training is done. Raises AlignmentError where that is not how it can be."""
    if asked == 1:
        return 1
    import torch

    gpus = torch.cuda.device_count()
    if asked is None:
        # A run has generated for hours when it comes here: where a batch is not cut evenly, some GPUs stay idle.
        return max(count for count in range(1, max(1, gpus) + 1) if settings.batch_size % count == 0)
    if 0 < gpus < asked:
        raise AlignmentError(f"--processes {asked}: each takes a GPU, and {gpus} are here; give {gpus}, or fewer")
    refuse_uneven(settings.batch_size, asked)
    return asked


def _take_away(out: Path, before: Collection[str]) -> None:
    """What a training made before it saved a state, and not what lay there `before`; another's file keeps the folder."""
    for name in {*RECORDS, "train.log"} - {*before}:
        (out / name).unlink(missing_ok=True)
    for name in {"state", "tensorboard"} - {*before}:
        shutil.rmtree(out / name, ignore_errors=True)
    with contextlib.suppress(OSError):
        out.rmdir()


def child_environment() -> dict[str, str]:
    """Every core the process may use, threads that sleep while they wait, and memory that stays.

    vLLM leaves OMP_NUM_THREADS=1 behind, which a child would train with. Spinning threads beside another busy process
    spend the cores on waiting: training became four times slower; a short look before they sleep costs nothing. glibc
    would give each large tensor pages of its own and take them back: every step then pays for zeroing them again.
    """
    threads = str(len(os.sched_getaffinity(0)))
    return {
        "OMP_NUM_THREADS": threads,
        "OMP_WAIT_POLICY": "PASSIVE",
        "GOMP_SPINCOUNT": os.environ.get("GOMP_SPINCOUNT", "3000"),
        "MALLOC_MMAP_MAX_": "0",
        "MALLOC_TRIM_THRESHOLD_": str(1 << 34),
        "MALLOC_TOP_PAD_": str(1 << 26),
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",
    }


def follow(lines: IO[bytes], on_progress: OnProgress) -> TrainResult | None:
    """Reads the children's lines to their end; None where none said how they ended."""
    result = None
    for line in lines:
        if not line.endswith(b"\n"):  # it was killed while it wrote
            break
        event = json.loads(line)
        if "progress" in event:
            on_progress(TrainingProgress(**event["progress"]))
        elif "error" in event:
            raise AlignmentError(event["error"])
        else:
            result = result_from_json(event["result"])
    return result


def stop(children: Sequence[subprocess.Popen[bytes]], lines: IO[bytes]) -> None:
    """Waits for children that are ending by themselves; asks others to save and end. A second Ctrl-C kills them."""
    patience = STOP_GRACE_S if sys.exception() is None else 0
    if not patience:
        discard(lines)
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            for child in children:
                child.wait(timeout=patience)
        living = [child for child in children if child.poll() is None]
        for child in living:
            child.terminate()
        for child in living:
            child.wait(timeout=STOP_GRACE_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        for child in children:
            child.kill()
            child.wait()
        raise


def discard(lines: IO[bytes]) -> None:
    """Reads what the children still say, a result of many steps, say: of what nobody reads a pipe takes so much, and they would wait."""
    rest = os.fdopen(os.dup(lines.fileno()), "rb", buffering=0)

    def read() -> None:
        with rest:
            while rest.read(1 << 16):
                pass

    threading.Thread(target=read, daemon=True).start()


def tail(log: Path, lines: int = 20) -> str:
    with log.open(errors="replace") as file:
        return "".join(deque(file, maxlen=lines))


def main(request_file: str) -> int:
    """The child's side: trains what the request file asks for and reports on stdout."""
    request = json.loads(Path(request_file).read_text())
    die_with_parent(request["parent_pid"])
    events = private_stdout()
    stopping = stop_on_sigterm()

    def report(progress: TrainingProgress) -> None:
        if not is_first():
            return
        emit(events, {"progress": asdict(progress)})
        if stopping:
            raise KeyboardInterrupt

    checkpoint, dataset, out = (Path(request[name]) for name in ("checkpoint", "dataset", "out"))
    training, name = training_of(request["training"]), request["checkpoint_id"]
    settings = training.settings.model_validate(request["settings"])
    try:
        result = training.train(checkpoint, dataset, out, settings, on_progress=report, checkpoint_id=name)
    except AlignmentError as error:
        emit(events, {"error": str(error)})
        return 1
    except Exception as error:
        if not (line := _of_the_disk(error, out)):
            raise
        emit(events, {"error": f"{out}: {line}"})
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    if is_first():
        emit(events, {"result": result_to_json(result)})
    return 0


def _of_the_disk(error: BaseException, out: Path) -> str:
    """What went wrong with the disk, also where safetensors or torch say it in words of their own; empty for another error."""
    numbers = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
    said = next((n for n in numbers if getattr(error, "errno", None) == n or f"(os error {n})" in str(error)), None)
    if said is None and OF_TORCH.search(str(error)) and shutil.disk_usage(out).free < NO_ROOM:
        said = errno.ENOSPC
    if said is None:
        return ""
    whole = next(filter(is_whole, states_in(out / "state")), None)
    kept = f"the same command goes on from the last state, {whole.name}" if whole else "no state was saved before it"
    return f"{os.strerror(said).lower()}; {kept}"


def die_with_parent(parent_pid: int) -> None:
    """The kernel kills this process when its parent's thread ends, however it ends."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it died before we asked
        os._exit(1)


def private_stdout() -> IO[str]:
    """The real stdout for our events alone; whatever a library prints goes to stderr, which is the log."""
    events = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return events


def stop_on_sigterm() -> list[int]:
    """A list that is empty until SIGTERM arrives. Ctrl-C reaches the whole terminal: the parent decides, not we."""
    arrived: list[int] = []
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, _: arrived.append(number))
    return arrived


def emit(events: IO[str], event: dict[str, Any]) -> None:
    """One line. Several processes share a pipe, into which a short line goes whole; only the first says a long one, when others are done."""
    events.write(json.dumps(event) + "\n")
