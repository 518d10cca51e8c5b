"""Opens rows (JSONL, Parquet, a folder of either, a data set of the Hub) as sequences that read one when it is asked for.

Two million rows cost no more memory than two thousand: of a JSONL file only the place of every 64th line is
remembered, of a Parquet file only the row group in use is held.
"""

import bisect
import codecs
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, overload

from rows import parquet
from rows.limits import MOST_ROWS, RowsError
from rows.places import open_regular
from rows.readers import (
    PARQUET,
    BadRow,
    as_json,
    files_of,
    hub_json,
    hub_name,
    hub_parts,
    is_array,
    is_hub,
    json_rows,
    load_hub,
    one_line,
    parsed,
)

STRIDE = 64
"""Lines from one remembered place to the next."""
BLOCK = 16 << 20
"""Bytes read at a time in search of line ends."""
PACKED = (".gz", ".zst")


class Rows(Sequence[tuple[int, Any]]):
    """Rows by number: `(line, row)`, the line from 1; the row is a BadRow if the line is none."""

    def __init__(self, count: int, read: Callable[[int], Any]) -> None:
        self._count = count
        self._read = read
        """The row of a number from 0."""

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> tuple[int, Any]: ...

    @overload
    def __getitem__(self, number: slice) -> list[tuple[int, Any]]: ...

    def __getitem__(self, number: int | slice) -> tuple[int, Any] | list[tuple[int, Any]]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):  # a sequence is iterated until this is raised
            raise IndexError(number)
        return number + 1, self._read(number)


def open_rows(source: Path) -> Rows:
    """The rows of a source, none of them read yet. Raises RowsError."""
    if is_hub(source):
        return _of_hub(source)
    files = files_of(source)
    if len(files) > 1:
        return _in_a_row([open_rows(file) for file in files])
    (file,) = files
    if file.suffix == PARQUET:
        return _Parquet(file).rows()
    if file.suffix in PACKED:
        raise RowsError(f"{file}: rows are wanted by number, which a packed file has not; unpack it first")
    return _JsonLines(file).rows()


def _of_hub(source: Path) -> Rows:
    split = hub_name(source).split
    splits: dict[str, Rows] = {}
    for name in dict.fromkeys(part.partition("[")[0].strip() for part in split.split("+")):
        places = hub_json(source, name, streaming=False)
        if places is None:
            return _by_datasets(source)
        splits[name] = _in_a_row([_json(place) for place in places])
    if split in splits:
        return splits[split]
    asked = hub_parts(source, {name: len(rows) for name, rows in splits.items()})
    return _in_a_row([_some(splits[name], numbers) for name, numbers in asked])


def _by_datasets(source: Path) -> Rows:
    held = load_hub(source)
    return Rows(len(held), lambda number: as_json(held[number]))


def _some(rows: Rows, numbers: range) -> Rows:
    return Rows(len(numbers), lambda number: rows[numbers[number]][1])


def _in_a_row(parts: list[Rows]) -> Rows:
    ends = list(itertools.accumulate(map(len, parts)))
    return Rows(ends[-1], lambda number: _joined(parts, ends, number))


def _json(place: str) -> Rows:
    if not is_array(place):
        return _JsonLines(Path(place)).rows()
    held = list(json_rows(place))
    return Rows(len(held), held.__getitem__)


def size_bytes(path: Path) -> int:
    """How much there is to read, of a folder in all its files; 0 where only opening it tells. Raises RowsError."""
    files = [path] if path.is_file() else files_of(path) if path.is_dir() else []
    return sum(file.stat().st_size for file in files)


def _joined(parts: list[Rows], ends: list[int], number: int) -> Any:
    part = bisect.bisect_right(ends, number)
    return parts[part][number - (ends[part - 1] if part else 0)][1]


class _JsonLines:
    def __init__(self, path: Path) -> None:
        self._places, self._count = line_places(path)
        self._file = open_regular(path)
        self._next = -1
        """The line that the file stands at: reading on in order needs no seeking."""

    def rows(self) -> Rows:
        return Rows(self._count, self._read)

    def _read(self, number: int) -> Any:
        if number != self._next:
            self._file.seek(self._places[number // STRIDE])
            for _ in range(number % STRIDE):
                one_line(self._file)
        self._next = number + 1
        return parsed(one_line(self._file))


def line_places(path: Path) -> tuple[list[int], int]:
    """(where every STRIDE-th line begins, number of lines); a line at the end need not be closed."""
    import numpy as np

    places, lines, at, last = [0], 0, 0, b"\n"
    with open_regular(path) as file:
        if file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
            places, at = [len(codecs.BOM_UTF8)], len(codecs.BOM_UTF8)
        file.seek(at)
        while block := file.read(BLOCK):
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == 10)
            first = STRIDE - 1 - lines % STRIDE  # the line end after which a remembered line begins
            places += (ends[first::STRIDE] + (at + 1)).tolist()
            lines, at, last = lines + len(ends), at + len(block), block[-1:]
    return places, lines + (last != b"\n")


class _Parquet:
    def __init__(self, path: Path) -> None:
        self._path, self._file = path, parquet.opened(path)
        groups = self._file.metadata
        self._count = int(groups.num_rows)
        self._ends = list(itertools.accumulate(groups.row_group(i).num_rows for i in range(groups.num_row_groups)))
        if self._ends[-1:] != [self._count] and self._count:
            raise RowsError(f"{path}: claims {self._count:,} rows and has row groups for {(self._ends or [0])[-1]:,}")
        for group in range(groups.num_row_groups):
            if groups.row_group(group).num_rows > MOST_ROWS:
                parquet.measured(path, self._file, group)
        self._held: tuple[int, Any] = (-1, None)

    def rows(self) -> Rows:
        return Rows(self._count, self._read)

    def _read(self, number: int) -> Any:
        group = bisect.bisect_right(self._ends, number)
        if group != self._held[0]:
            try:
                held: Any = parquet.whole_group(self._path, self._file, group)
            except (RowsError, ValueError, OSError, RuntimeError) as error:  # a damaged group costs its own rows
                held = BadRow(f"cannot be read: {error}")
            self._held = (group, held)
        if isinstance(self._held[1], BadRow):
            return self._held[1]
        within = number - (self._ends[group - 1] if group else 0)
        return as_json(parquet.rows_of(self._held[1].slice(within, 1))[0])
