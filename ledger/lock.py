"""One process at a time writes to a run: an advisory lock that dies with its holder, and says who that is."""

import fcntl
import json
import os
import socket
import sys
import time
from pathlib import Path

from ledger.errors import LedgerError, TakenError

LONGEST = 1 << 16
"""Characters of the file that are read: whoever holds a run writes some hundred."""


class RunLock:
    """Holds `RUN/lock` until `release`; the kernel drops it with the process, so kill -9 leaves nothing to clean up."""

    def __init__(self, run_dir: Path) -> None:
        self.path = run_dir / "lock"
        if self.path.exists() and not self.path.is_file():
            raise LedgerError(f"{self.path}: no file, but a pipe, a device or a folder; remove it")
        try:
            self._file = self.path.open("a+", encoding="utf-8")
        except OSError as error:
            raise LedgerError(f"{run_dir}: cannot be written: {error.strerror}; give another --out") from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = holder_of(run_dir) or "another process"
            self._file.close()
            raise TakenError(
                f"{run_dir}: this run is held by {holder}; wait for it, stop it, or give another --out"
            ) from None
        except OSError as error:  # a network's disk without locks, as Lustre is by default
            self._file.close()
            raise LedgerError(
                f"{self.path}: cannot be locked: {error.strerror}; give an --out on a disk that has locks (`flock`)"
            ) from None
        self._file.truncate(0)
        json.dump(
            {
                "pid": os.getpid(),
                "host": socket.gethostname(),
                "since": time.time(),
                "command": " ".join(sys.argv)[:200],
            },
            self._file,
        )
        self._file.flush()

    def release(self) -> None:
        """Let go of the run."""
        self._file.close()


def is_held(run_dir: Path) -> bool:
    """Whether some live process holds the run."""
    if not (run_dir / "lock").is_file():
        return False
    try:
        with (run_dir / "lock").open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    except OSError:
        pass
    return False


def holder_of(run_dir: Path) -> str | None:
    """`process 123 on host (lab run ..., since 12:30:01)`, as the lock file tells it."""
    try:
        with (run_dir / "lock").open(encoding="utf-8") as file:
            holder = json.loads(file.read(LONGEST))
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(holder["since"]))
        return f"process {holder['pid']} on {holder['host']} (`{holder['command']}`, since {since})"
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
