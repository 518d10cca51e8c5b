"""Which filter dropped which row, and why: a few bytes a row in memory, the words on disk."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from curation import dedup
from curation.drops import Drop, Duplicates, in_order

FORM, RULES, CONTAMINATION, JUDGE = "form", "rules", "contamination", "judge"
"""What decides beside the set filters, as the column `drop_filter` calls it; `rules` is every filter on one text."""
FIRST_PASS = (FORM, RULES, CONTAMINATION)


def deciding_order() -> tuple[str, ...]:
    """The filters in the order in which they decide; the first is none: the row is kept."""
    early = (one.name for one in dedup.SET_FILTERS if one.sketch)
    late = (one.name for one in dedup.SET_FILTERS if not one.sketch)
    return ("", *FIRST_PASS, *early, JUDGE, *late)


class Decisions:
    """Which filter dropped which row. One byte a row for the filter, eight and four for a duplicate's evidence."""

    def __init__(self, count: int) -> None:
        import numpy as np

        self.names = deciding_order()
        self._reasons = {one.name: one.reason for one in dedup.SET_FILTERS}
        self.priority = np.ones(count, np.float32)
        """Quality x difficulty by row number."""
        self._filter = np.zeros(count, np.uint8)
        self._of = np.zeros(count, np.int64)
        self._similarity = np.zeros(count, np.float32)

    def kept(self) -> Any:
        """The numbers of the rows still kept, rising."""
        import numpy as np

        return np.flatnonzero(self._filter == 0)

    def order(self) -> Any:
        """Those rows by falling quality x difficulty, then as they came."""
        return in_order(self.kept(), self.priority)

    def is_kept(self, row: int) -> bool:
        return bool(self._filter[row] == 0)

    def dropped_by(self, row: int) -> str:
        """The filter that dropped the row; "" where it is kept."""
        name: str = self.names[self._filter[row]]
        return name

    def drop(self, row: int, name: str) -> None:
        self._filter[row] = self.names.index(name)

    def drop_duplicates(self, name: str, found: Duplicates) -> None:
        self._filter[found.rows] = self.names.index(name)
        self._of[found.rows] = found.of
        self._similarity[found.rows] = found.similarity

    def duplicate(self, row: int) -> Drop:
        """Why a set filter dropped the row: which one says the same, and how far."""
        same = {"duplicate_of": int(self._of[row]), "similarity": round(float(self._similarity[row]), 4)}
        return Drop(self._reasons[self.dropped_by(row)], json.dumps(same))


class Evidence:
    """(row, drop) of the first pass, on disk until the rows are written: it grows with the data."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile("w+", dir=folder, encoding="utf-8")  # noqa: SIM115

    def add(self, row: int, drop: Drop) -> None:
        self._file.write(json.dumps([row, *drop]) + "\n")

    def read(self) -> Iterator[tuple[int, Drop]]:
        """In the order in which they were added, which is that of the rows."""
        self._file.seek(0)
        for line in self._file:
            row, reason, evidence = json.loads(line)
            yield row, Drop(reason, evidence)

    def close(self) -> None:
        self._file.close()
