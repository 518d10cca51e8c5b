"""Resumable states of a training: torch.distributed.checkpoint (DCP), written in the background, whole or not at all.

<folder>/step-00000400/        DCP files and state.json
<folder>/step-00000500.partial what a killed process was writing; never read, removed by the next save
"""

import contextlib
import json
import shutil
import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.staging import DefaultStager, StagingOptions

from pretrain.errors import PretrainError

if TYPE_CHECKING:
    from pretrain.distributed.mesh import Mesh

PARTIAL = ".partial"

# DCP warns so at every call with no_dist=True, which says just that.
warnings.filterwarnings("ignore", message="torch.distributed is disabled, unavailable or uninitialized")


class Saver:
    """Writes the states of one training. One save is in flight at a time; the training goes on meanwhile."""

    def __init__(self, folder: Path, keep: int, mesh: "Mesh | None" = None) -> None:
        self.folder, self.keep = folder, keep
        self._leads = mesh is None or mesh.rank == 0
        # The background save talks to the other ranks: over a group of its own, or it would take the training's messages.
        self._group = dist.new_group(backend="gloo") if mesh else None
        self._stager = DefaultStager(StagingOptions(False, False, False, False))
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checkpoint")
        self._pending: Future[None] | None = None
        if self._leads:
            folder.mkdir(parents=True, exist_ok=True)

    def save(self, step: int, tensors: dict[str, Any], facts: dict[str, Any]) -> None:
        """Begin to save nested dicts of tensors, and facts that JSON can hold. Copies first, so the caller may go on.

        A step that is already saved is left alone: replacing a whole state would need a moment without it.
        """
        self.wait()
        if (self.folder / f"step-{step:08d}").exists():
            return
        staged = cast(dict[str, Any], self._stager.stage(tensors))
        self._pending = self._thread.submit(self._write, f"step-{step:08d}", staged, facts)

    def wait(self) -> None:
        """Until the save in flight is on disk. Raises where it failed."""
        pending, self._pending = self._pending, None
        try:
            if pending:
                pending.result()
        except (Exception, CheckpointException) as error:
            raise PretrainError(f"{self.folder}: the state cannot be written: {_cause(error)}") from error

    def close(self) -> None:
        """Wait for the save in flight, and end the thread."""
        try:
            self.wait()
        finally:
            self._thread.shutdown()
            self._stager.close()

    def _write(self, name: str, staged: dict[str, Any], facts: dict[str, Any]) -> None:
        partial, whole = self.folder / (name + PARTIAL), self.folder / name
        if self._leads:
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            (partial / "state.json").write_text(json.dumps(facts), encoding="utf-8")
        if self._group:
            dist.barrier(self._group)
        dcp.save(staged, checkpoint_id=partial, process_group=self._group, no_dist=self._group is None)
        if self._leads:
            partial.rename(whole)
            self._prune()
        if self._group:
            dist.barrier(self._group)

    def _prune(self) -> None:
        states = whole_states(self.folder)
        for state in [*states[: -self.keep], *self.folder.glob("step-*" + PARTIAL)]:
            with contextlib.suppress(OSError):
                shutil.rmtree(state)


def whole_states(folder: Path) -> list[Path]:
    """The states that were written to their end, oldest first."""
    return sorted(path for path in folder.glob("step-*") if path.suffix != PARTIAL)


def latest(folder: Path) -> Path | None:
    """The newest whole state of a training, or None."""
    states = whole_states(folder)
    return states[-1] if states else None


def facts_of(state: Path) -> dict[str, Any]:
    """What `Saver.save` was given as facts."""
    try:
        return json.loads((state / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PretrainError(
            f"{state}: not a state of a training ({error}); remove it to go on from an older one"
        ) from None


def load(state: Path, tensors: dict[str, Any], mesh: "Mesh | None" = None) -> dict[str, Any]:
    """Fill nested dicts of tensors in place, and return the facts.

    The number of ranks that wrote the state need not be the number that reads it: DCP gives each its shards.
    """
    facts = facts_of(state)
    try:
        dcp.load(tensors, checkpoint_id=state, no_dist=mesh is None)
    except (Exception, CheckpointException) as error:
        # DCP raises whatever its planner meets: a missing key, another shape, a truncated file.
        raise PretrainError(
            f"{state}: does not fit this training or is damaged ({_cause(error)}); remove it to go on from an older state"
        ) from error
    return facts


def _cause(error: BaseException) -> str:
    """What a rank met, out of DCP's exception, which is no Exception and prints every rank's whole traceback."""
    if isinstance(error, CheckpointException):
        error = next(iter(error.failures.values()))[0]
    return f"{type(error).__name__}: {error}".partition("\n")[0]
