"""The one thread that writes a ledger: everything that queued up during the last commit shares the next one."""

import collections
import queue
import sqlite3
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from ledger.errors import LedgerError
from rows.encoding import encodable

Write = tuple[str, tuple[Any, ...]]
"""A statement and its values."""
Item = tuple[list[Write], "Future[None]"]


def open_database(target: str, *, uri: bool = False) -> sqlite3.Connection:
    """A connection to the ledger's file."""
    # Autocommit: transactions are opened by hand in _commit. The connection of a reader may be used from any thread,
    # one at a time, which the event loop guarantees.
    connection = sqlite3.connect(target, uri=uri, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


class Writer:
    """The one thread that writes. A batch is whatever queued up while the last commit was under way."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._queue: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._journal: collections.deque[tuple[str, int, bytes]] = collections.deque()
        self._journal_queued = False
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def put(self, writes: list[Write]) -> "Future[None]":
        done: Future[None] = Future()
        self._queue.put((writes, done))
        return done

    def journal(self, part: tuple[str, int, bytes]) -> None:
        """Every decoding step brings a part for each answer under way: they are kept together, with one wake-up."""
        self._journal.append(part)
        if not self._journal_queued:
            self._journal_queued = True
            self._queue.put(([], Future()))

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        connection = open_database(str(self._path))
        open_for_more = True
        while open_for_more:
            batch, open_for_more = self._next_batch()
            self._journal_queued = False  # before the parts are taken: one that comes in now wakes us again
            parts = [self._journal.popleft() for _ in range(len(self._journal))]
            failure = _commit(connection, batch, self._path, parts)
            if failure and len(batch) > 1:  # one bad write must not take its neighbours with it
                for item in batch:
                    _settle([item], _commit(connection, [item], self._path))
            else:
                _settle(batch, failure)
        connection.close()

    def _next_batch(self) -> tuple[list[Item], bool]:
        batch: list[Item] = []
        item = self._queue.get()
        while item is not None:
            batch.append(item)
            try:
                item = self._queue.get_nowait()
            except queue.Empty:
                return batch, True
        return batch, False


def _settle(batch: list[Item], failure: LedgerError | None) -> None:
    for _, done in batch:
        if not done.set_running_or_notify_cancel():  # whoever waited has been cancelled; the write stands
            continue
        if failure:
            done.set_exception(failure)
        else:
            done.set_result(None)


def _commit(
    connection: sqlite3.Connection, batch: list[Item], path: Path, parts: Sequence[tuple[str, int, bytes]] = ()
) -> LedgerError | None:
    """Write the batch in one transaction; what went wrong, or None."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT OR IGNORE INTO partials VALUES (?,?,?)", parts)
        for writes, _ in batch:
            for sql, values in writes:
                connection.execute(sql, tuple(_storable(value) for value in values))
        connection.execute("COMMIT")
    except Exception as error:  # the writer must outlive any write: whoever waits is told
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        mend = (
            "; free some space and run the same command again: all that was committed is kept"
            if "full" in str(error)
            else ""
        )
        return LedgerError(f"{path}: cannot write: {error}{mend}")
    return None


def _storable(value: Any) -> Any:
    """A lone surrogate, which JSON allows in a seed's name, has no UTF-8 form."""
    return encodable(value) if isinstance(value, str) else value
