"""A data set as files whose rows are counted first and then read in numbered batches: several passes, never held."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rows.by_number import open_rows
from rows.readers import BATCH, batches, files_of, is_hub


@dataclass(frozen=True)
class Source:
    """One file of a data set, or a data set of the Hub."""

    path: Path
    rows: int

    def batches(self) -> Iterator[list[Any]]:
        """Its rows in order, at most `BATCH` at a time; what is no row is a BadRow in its place. Raises RowsError."""
        if not is_hub(self.path):
            yield from batches(self.path)
            return
        rows = open_rows(self.path)
        for start in range(0, self.rows, BATCH):
            yield [row for _, row in rows[start : start + BATCH]]


def open_sources(dataset: Path) -> list[Source]:
    """The files of a data set, none of their rows read yet. Raises RowsError."""
    files = [dataset] if is_hub(dataset) else files_of(dataset)
    return [Source(file, len(open_rows(file))) for file in files]


def numbered(sources: Iterable[Source]) -> Iterator[list[tuple[int, Any]]]:
    """The rows of all sources with their numbers from 0, a batch at a time."""
    first = 0
    for source in sources:
        for batch in source.batches():
            yield list(enumerate(batch, first))
            first += len(batch)
