"""Resumable states of a training: torch.distributed.checkpoint (DCP), written in the background, whole or not at all.

<folder>/step-00000400/        DCP files and state.json
<folder>/step-00000500.partial what a killed process was writing; never read, removed by the next save
"""

import contextlib
import json
import pickle
import shutil
import warnings
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.metadata import Metadata, StorageMeta
from torch.distributed.checkpoint.staging import DefaultStager, StagingOptions

from pretrain.errors import PretrainError
from rows.limits import RowsError, object_in

if TYPE_CHECKING:
    from pretrain.distributed.mesh import Mesh

PARTIAL = ".partial"
LARGEST_LIST = 256 << 20
"""Bytes of DCP's list of tensors."""
MADE_OF = {
    "torch.distributed.checkpoint.metadata": {
        *("Metadata", "MetadataIndex", "StorageMeta", "TensorProperties", "_MEM_FORMAT_ENCODING"),
        *("ChunkStorageMetadata", "TensorStorageMetadata"),
    },
    "torch.distributed.checkpoint.filesystem": {"_StorageInfo"},
    "torch": {"Size"},
    "torch.serialization": {"_get_layout"},
    "pathlib": {"Path", "PosixPath", "PurePosixPath"},
}
"""What a list of tensors is made of, by module."""

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
        return object_in(state / "state.json")
    except RowsError as error:
        raise PretrainError(
            f"{state}: not a state of a training ({error}); remove it to go on from an older one"
        ) from None


def load(state: Path, tensors: dict[str, Any], mesh: "Mesh | None" = None) -> dict[str, Any]:
    """Fill nested dicts of tensors in place, and return the facts.

    The number of ranks that wrote the state need not be the number that reads it: DCP gives each its shards.
    """
    facts = facts_of(state)
    try:
        dcp.load(tensors, storage_reader=_Reader(state), no_dist=mesh is None)
    except (Exception, CheckpointException) as error:
        # DCP raises whatever its planner meets: a missing key, another shape, a truncated file.
        raise PretrainError(
            f"{state}: does not fit this training or is damaged ({_cause(error)}); remove it to go on from an older state"
        ) from error
    return facts


class _Reader(dcp.FileSystemReader):
    """DCP's, whose list of tensors is a pickle: only the names that a list of tensors is made of are made here, so that a
    run that somebody handed over brings no code. What is no tensor DCP would unpickle too; its name is not among them.
    """

    def read_metadata(self, *args: Any, **kwargs: Any) -> Metadata:
        path = Path(self.path) / ".metadata"
        if path.stat().st_size > LARGEST_LIST:
            raise pickle.UnpicklingError(f"{path.name} is larger than {LARGEST_LIST >> 20} MiB")
        with path.open("rb") as file:
            found = _Unpickler(file).load()
        if not isinstance(found, Metadata):
            raise pickle.UnpicklingError(f"{path.name} holds no list of tensors")
        if found.storage_meta is None:
            found.storage_meta = StorageMeta()
        found.storage_meta.load_id = self.load_id
        return found


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name in MADE_OF.get(module, ()) or (module == "torch" and isinstance(getattr(torch, name, 0), torch.dtype)):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"it would call {module}.{name}, which is no part of a list of tensors")


def _cause(error: BaseException) -> str:
    """What a rank met, out of DCP's exception, which is no Exception and prints every rank's whole traceback."""
    if isinstance(error, CheckpointException):
        error = next(iter(error.failures.values()))[0]
    return f"{type(error).__name__}: {error}".partition("\n")[0]
