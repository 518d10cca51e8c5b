"""`lab filter`: a data set in, what is kept and what is dropped out, each dropped row with filter, reason and evidence.

The rows are read once for each kind of work and never held: first filters on one text, contamination, hashes and
MinHash signatures of every row, then (where asked) tags and judges, then vectors, each only of what is still kept; at
last the rows are written.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

from curation import dedup, filters, scanning
from curation.decisions import JUDGE, Decisions, Evidence
from curation.dedup import SetFilter
from curation.dedup.compared import Compared
from curation.errors import FilterError
from curation.settings import Rate, Rated, Settings
from curation.watch import Watch
from curation.writing import Decided, Result, write
from rows import forms
from rows.forms import Text
from rows.sources import Source, numbered, open_sources
from rows.writers import Schema

__all__ = ["FilterError", "Rate", "Rated", "Result", "Settings", "Watch", "run"]


def run(settings: Settings, watch: Watch, rate: Rate | None = None) -> Result:
    """Filter a data set into `settings.out`; the same input gives the same files.

    Raises FilterError, RowsError, CheckpointError.
    """
    settings.check()
    _let_waiting_threads_sleep()
    sources = open_sources(settings.dataset)
    settings.out.mkdir(parents=True, exist_ok=True)
    with _alone_in(settings.out):
        return _run(settings, sources, watch, rate)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Raises FilterError where another filter writes into the folder. The lock is the kernel's, and dies with its holder."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # a disk without locks
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FilterError(
                    f"{folder}: another filter writes there; wait for it, or choose another folder"
                ) from None
        yield
    finally:
        os.close(opened)


def _run(settings: Settings, sources: list[Source], watch: Watch, rate: Rate | None) -> Result:
    wanted, count = dedup.named(settings.dedup), sum(source.rows for source in sources)
    decisions, schema, evidence = Decisions(count), Schema(), Evidence(settings.out)
    loader = ThreadPoolExecutor(1)
    loading = {one.name: loader.submit(one.load, settings.embeddings) for one in wanted if one.load}
    loader.submit(_wake_arrow)

    def compare(one: SetFilter, sketches: Any) -> None:
        """Drop what the filter finds among the rows still kept."""
        texts = (text.said for _, text in _texts(sources, decisions))
        loaded = loading[one.name].result if one.load else lambda: None
        compared = Compared(decisions.order(), sketches, texts, settings.threshold(one), loaded, watch)
        decisions.drop_duplicates(one.name, one.find(compared))

    try:
        with watch("read", count) as step:
            sketches, undecidable = _first_pass(settings, sources, decisions, schema, evidence, step)
        for one in wanted:
            if one.sketch:
                compare(one, sketches.pop(one.name))
        rated = rate(_texts(sources, decisions), len(decisions.kept()), decisions.priority) if rate else Rated()
        if rated.priority is not None:
            decisions.priority = rated.priority
        for row in rated.failed:
            decisions.drop(row, JUDGE)
        for one in wanted:
            if not one.sketch:
                compare(one, None)
        with watch("write", count) as step:
            return write(settings, sources, Decided(decisions, evidence, schema, rated, undecidable), step)
    except BrokenProcessPool:
        raise FilterError("a worker died while it looked at rows; out of memory? Nothing was written") from None
    finally:
        evidence.close()
        loader.shutdown(cancel_futures=True)


def _let_waiting_threads_sleep() -> None:
    """faiss's threads and those of numpy's BLAS spin while they wait, each on the core that the others need: of small products
    in turn with searches three quarters of the CPU time were spinning. Read when the libraries are loaded.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _wake_arrow() -> None:
    """The first values that pyarrow takes of Python make it import pandas where that is installed, for up to a second."""
    import pyarrow as pa

    pa.array([0])


def _first_pass(
    settings: Settings,
    sources: list[Source],
    decisions: Decisions,
    schema: Schema,
    evidence: Evidence,
    step: Callable[[int], None],
) -> tuple[dict[str, Any], int]:
    """What each row says of itself. Returns the sketches by filter (zero where a row is dropped already), and how many
    evaluation items cannot be recognised.
    """
    import numpy as np

    count = len(decisions.priority)
    sketched = tuple(one for one in dedup.named(settings.dedup) if one.sketch)
    sketches = {one.name: np.zeros((count, one.sketch.width), one.sketch.dtype) for one in sketched if one.sketch}
    typed = schema.take(sources)
    wanted = scanning.Wanted(filters.named(settings.filters), sketched, settings.evaluations)
    with scanning.scanner(wanted, count) as scan:
        for batch, seen in scan(numbered(sources)):
            if not typed:
                schema.learn([values for _, values in batch if isinstance(values, dict)])
            for row, name, drop in seen.dropped:
                decisions.drop(row, name)
                evidence.add(row, drop)
            decisions.priority[seen.rows] = seen.priority
            for name, taken in seen.sketches.items():
                sketches[name][seen.rows] = taken
            step(len(batch))
        return sketches, scan.undecidable


def _texts(sources: list[Source], decisions: Decisions) -> Iterator[tuple[int, Text]]:
    """The rows still kept, as they come."""
    for batch in numbered(sources):
        for number, values in batch:
            if decisions.is_kept(number) and (text := forms.read(values)):
                yield number, text
