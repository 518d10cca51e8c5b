"""The first look at the rows, each by itself: rules, contamination, hash, signature. On several cores where there are many rows."""

import collections
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation.decontaminate import contamination
from curation.dedup import duplicates
from curation.filters import rules
from rows import forms
from rows.forms import Text

ROWS_FOR_WORKERS = 50_000
"""Below that the workers' start costs more than they save."""
BATCHES_AHEAD = 3
"""Batches that wait for each worker; more would only hold memory."""
Batch = list[tuple[int, Any]]


@dataclass(frozen=True)
class Wanted:
    """What to look for."""

    rules: bool
    exact: bool
    minhash: bool
    evaluations: tuple[Path, ...]


@dataclass(frozen=True)
class Seen:
    """What was seen in a batch: the rows dropped, and of the others what they are compared by."""

    dropped: list[tuple[int, str, str, str]]
    """(row, filter, reason, evidence)"""
    rows: list[int]
    priority: list[float]
    digests: Any
    """uint8, `(rows, DIGEST_BYTES)`"""
    signatures: Any
    """uint32, `(rows, PERMUTATIONS)`"""


class Scan:
    """Looks at batches, in this process or through `pool`; the answers come in the order of the batches either way."""

    def __init__(
        self, look: Callable[[Batch], Seen], undecidable: int, pool: ProcessPoolExecutor | None, workers: int
    ) -> None:
        self._look, self._pool, self._ahead = look, pool, workers * BATCHES_AHEAD
        self.undecidable = undecidable
        """Evaluation items too short or too common to be recognised."""

    def __call__(self, batches: Iterator[Batch]) -> Iterator[tuple[Batch, Seen]]:
        if self._pool is None:
            for batch in batches:
                yield batch, self._look(batch)
            return
        waiting: collections.deque[tuple[Batch, Future[Seen]]] = collections.deque()
        for batch in batches:
            waiting.append((batch, self._pool.submit(_look_in_worker, batch)))
            if len(waiting) > self._ahead:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


@contextmanager
def scanner(wanted: Wanted, rows: int) -> Iterator[Scan]:
    """A scan for so many rows. Raises RowsError where an evaluation set cannot be read."""
    index = contamination.load(wanted.evaluations) if wanted.evaluations else None
    undecidable = index.undecidable if index else 0
    workers = len(os.sched_getaffinity(0))
    if rows < ROWS_FOR_WORKERS or workers < 2:
        yield Scan(lambda batch: look(wanted, index, batch), undecidable, None, 1)
        return
    # Not forked: pyarrow's threads would be left behind in an unknown state.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_prepare, initargs=(wanted,)) as pool:
        try:
            yield Scan(lambda batch: look(wanted, index, batch), undecidable, pool, workers)
        finally:
            pool.shutdown(cancel_futures=True)


def look(wanted: Wanted, index: contamination.Index | None, batch: Batch) -> Seen:
    """See the rows of one batch."""
    import numpy as np

    dropped, rows, priority, wholes = [], [], [], []
    for row, values in batch:
        text = forms.read(values)
        name, reason, place = verdict(wanted, index, values, text)
        if name or text is None:
            dropped.append((row, name, reason, place))
            continue
        rows.append(row)
        priority.append(text.priority)
        wholes.append(text.whole)
    together = b"".join(map(duplicates.digest, wholes)) if wanted.exact else b""
    digests = np.frombuffer(together, np.uint8).reshape(-1, duplicates.DIGEST_BYTES)
    signatures = duplicates.signatures(wholes) if wanted.minhash else None
    return Seen(dropped, rows, priority, digests, signatures)


def verdict(wanted: Wanted, index: contamination.Index | None, values: Any, text: Text | None) -> tuple[str, str, str]:
    """(filter, reason, evidence) of one row by itself; ("", "", "") keeps it."""
    if text is None:
        if isinstance(values, Exception):
            return "form", "no_row", str(values)[:300]
        names = map(str, values) if isinstance(values, dict) else [type(values).__name__]
        return "form", "unknown_form", f"columns: {', '.join(names)}"[:300]
    if wanted.rules:
        reason, place = rules.finding_in(text)
        if reason:
            return "rules", reason, place
    if index and (hit := index.find(text)):
        return "contamination", hit.reason, json.dumps(hit.to_dict(), ensure_ascii=False)
    return "", "", ""


_worker: tuple[Wanted, contamination.Index | None]


def _prepare(wanted: Wanted) -> None:
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    _worker = wanted, contamination.load(wanted.evaluations) if wanted.evaluations else None


def _look_in_worker(batch: Batch) -> Seen:
    return look(*_worker, batch)
