"""Opens a ledger to look at it, also where nothing may be written beside it or a part of the file is damaged."""

import errno
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

from ledger.errors import LedgerError
from ledger.writer import open_database

MEND = "what can be read is shown by `lab report` and `lab why`; bring the file back from a copy, or give another --out"
TABLES = "SELECT count(*) FROM sqlite_master"


NO_ROOM = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
"""What SQLite says where it may not, or cannot, write beside the file."""
MEMORY = "/dev/shm"
"""A full disk may be that of the temporary files too."""
LITTLE = 1 << 20
"""Bytes free, with which a disk is as good as full for a ledger."""
LEFT = ("data", "checkpoints", "emitted_tokens", "ledger.sqlite-wal")
"""What a run leaves in its directory beside the ledger."""


def refuse_gone(path: Path) -> None:
    """Raises LedgerError where no ledger is, and what a run leaves behind says that there was one."""
    left = [] if path.exists() else [name for name in LEFT if (path.parent / name).exists()]
    if left:
        raise LedgerError(
            f"{path}: is gone, and {', '.join(left)} in its directory were made by a run or by something else; bring the "
            "file back from a copy, or give another --out"
        )


def refuse_empty(path: Path) -> None:
    """Raises LedgerError for a file of no bytes: one of ours never is, so its record is gone, and a new one would hide that."""
    if path.exists() and not path.stat().st_size:
        raise LedgerError(
            f"{path}: is empty (0 bytes), so the record of this run is gone; bring the file back from a copy, or give "
            "another --out"
        )


def open_reader(path: Path) -> tuple[sqlite3.Connection, str]:
    """(connection, what is damaged or empty). Raises LedgerError where nothing of the file can be read."""
    refuse_empty(path)
    try:
        return _checked(_connected(path, "mode=ro"))
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in NO_ROOM and os.access(path.parent, os.W_OK):
            raise LedgerError(f"{path}: cannot be read: {error}; {MEND}") from None
    # SQLite wants to write beside a file whose newest commits stand in a log; where it cannot, because the disk is read-only or
    # full, it reads a copy of the two.
    log = path.with_name(f"{path.name}-wal")
    try:
        if not log.exists() or not log.stat().st_size:
            return _checked(_connected(path, "immutable=1"))
        with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
            for file in (path, log):
                shutil.copyfile(file, Path(folder) / file.name)
            whole = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            with _connected(Path(folder) / path.name, "mode=rw") as copied:
                copied.backup(whole)
            copied.close()
            return whole, ""
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(f"{path}: cannot be read: {error}; {MEND}") from None


def is_full(run_dir: Path, error: Exception) -> bool:
    """Whether the error comes of a full disk, which SQLite also calls an error of input and output."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code == sqlite3.SQLITE_FULL or (code in NO_ROOM and shutil.disk_usage(run_dir).free < LITTLE)
    return getattr(error, "errno", None) == errno.ENOSPC


def _connected(path: Path, how: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=30)


def _checked(connection: sqlite3.Connection) -> tuple[sqlite3.Connection, str]:
    try:
        connection.execute(TABLES).fetchone()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        # A file that is shorter than it says is read no further than this, except by who says that he repairs it.
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(TABLES).fetchone()
        return connection, str(error)
    return connection, ""


def create(path: Path, schema: str) -> None:
    """Make a ledger that is there whole or not at all."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    connection = open_database(str(draft))
    try:
        connection.executescript(f"PRAGMA journal_mode=WAL;{schema}")
    finally:
        connection.close()
    draft.replace(path)
