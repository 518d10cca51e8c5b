"""Where a checkpoint is written before it is one: a folder beside its place, which takes that place whole; and who alone writes there."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checkpoints.errors import CheckpointError

LAST = "config.json"
"""Without it nothing is a checkpoint."""


@contextmanager
def drafted(out: Path) -> Iterator[Path]:
    """A folder to write into, whose content is in `out` after the block, at once where there is no such folder yet. Nothing is left
    of it where the block fails. Raises CheckpointError where something lies in `out`, before or by then, and where another process
    writes a checkpoint there.
    """
    refuse_taken(out)
    whole = out.resolve()  # `.` has no name
    folder = whole.with_name(f".{whole.name}.part")
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder) as alone:
        if not alone:
            raise CheckpointError(
                f"{out}: another process writes a checkpoint there; wait for it, stop it, or give another --out"
            )
        try:
            _empty(folder)  # of what one left that was killed
            yield folder
            refuse_taken(out)
            _put(folder, whole)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def alone_in(folder: Path) -> Iterator[bool]:
    """Whether no other process is within such a block on the folder; the kernel lets go of it when this one ends."""
    try:
        opened = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:  # whoever held it has just moved it into its place
        yield False
        return
    try:
        yield _locked(opened) and _is_still(opened, folder)
    finally:
        os.close(opened)


def refuse_taken(out: Path) -> None:
    """Raises CheckpointError where something lies there."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CheckpointError(f"{out}: there is something already; give another --out, or remove it")


def _locked(opened: int) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system that knows no locks of folders
        pass
    return True


def _is_still(opened: int, folder: Path) -> bool:
    """Whether the folder is the one that was opened, and was not moved away in between."""
    try:
        return os.path.samestat(os.fstat(opened), folder.stat())
    except FileNotFoundError:
        return False


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _put(folder: Path, out: Path) -> None:
    if not out.exists():
        folder.rename(out)
        return
    # A folder that was there may be mounted, or somebody's working directory: it stays and is filled.
    for path in sorted(folder.iterdir(), key=lambda path: path.name == LAST):
        path.replace(out / path.name)
