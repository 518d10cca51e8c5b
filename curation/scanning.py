"""The first look at the rows, each by itself: filters on one text, contamination, what set filters compare by.

On several cores where there are many rows.
"""

import collections
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation.decisions import CONTAMINATION, FORM, RULES
from curation.decontaminate import contamination
from curation.dedup import SetFilter
from curation.drops import Drop
from curation.filters import Filter
from rows import forms
from rows.forms import Text

ROWS_FOR_WORKERS = 50_000
"""Below that the workers' start costs more than they save."""
BATCHES_AHEAD = 3
"""Batches that wait for each worker; more would only hold memory."""
LONGEST_EVIDENCE = 300
"""Characters said of a row that is none."""
Batch = list[tuple[int, Any]]
"""Rows with their numbers from 0."""


@dataclass(frozen=True)
class Wanted:
    """What to look for."""

    filters: tuple[Filter, ...]
    sketched: tuple[SetFilter, ...]
    """Of these the sketches are taken."""
    evaluations: tuple[Path, ...]


@dataclass(frozen=True)
class Seen:
    """What was seen in a batch: the rows dropped, and of the others what they are compared by."""

    dropped: list[tuple[int, str, Drop]]
    """(row, filter, why)"""
    rows: list[int]
    priority: list[float]
    sketches: dict[str, Any]
    """Set filter -> `(rows, width)`."""


class Look:
    """Sees the rows of one batch."""

    def __init__(self, wanted: Wanted, index: contamination.Index | None) -> None:
        self._sketches = {one.name: one.sketch for one in wanted.sketched if one.sketch}
        self._looks: list[tuple[str, Callable[[Text], Drop | None]]] = [(RULES, one.look) for one in wanted.filters]
        if index:
            self._looks.append((CONTAMINATION, index.look))

    def __call__(self, batch: Batch) -> Seen:
        dropped, rows, priority, texts = [], [], [], []
        for row, values in batch:
            text = forms.read(values)
            if text is None:
                dropped.append((row, FORM, _of_no_form(values)))
                continue
            for name, look in self._looks:
                if drop := look(text):
                    dropped.append((row, name, drop))
                    break
            else:
                rows.append(row)
                priority.append(text.priority)
                texts.append(text)
        sketches = {name: sketch.take(list(map(sketch.of, texts))) for name, sketch in self._sketches.items()}
        return Seen(dropped, rows, priority, sketches)


def _of_no_form(values: Any) -> Drop:
    if isinstance(values, Exception):
        return Drop("no_row", str(values)[:LONGEST_EVIDENCE])
    names = map(str, values) if isinstance(values, Mapping) else [type(values).__name__]
    return Drop("unknown_form", f"columns: {', '.join(names)}"[:LONGEST_EVIDENCE])


class Scan:
    """Looks at batches, in this process or through `pool`; the answers come in the order of the batches either way."""

    def __init__(self, look: Look, undecidable: int, pool: ProcessPoolExecutor | None, workers: int) -> None:
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
    look = Look(wanted, index)
    workers = len(os.sched_getaffinity(0))
    if rows < ROWS_FOR_WORKERS or workers < 2:
        yield Scan(look, undecidable, None, 1)
        return
    # Not forked: pyarrow's threads would be left behind in an unknown state.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_prepare, initargs=(wanted,)) as pool:
        try:
            yield Scan(look, undecidable, pool, workers)
        finally:
            pool.shutdown(cancel_futures=True)


_look: Look


def _prepare(wanted: Wanted) -> None:
    global _look
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    _look = Look(wanted, contamination.load(wanted.evaluations) if wanted.evaluations else None)


def _look_in_worker(batch: Batch) -> Seen:
    return _look(batch)
