"""Opens files of rows (JSONL, Parquet, a folder of either, a data set of the Hub) as sequences that read a row when it is asked for.

Two million rows cost no more memory than two thousand: of a JSONL file only the place of every 64th line is remembered, of a
Parquet file only the row group in use is held.
"""

import bisect
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, overload

HUB = "hf:"
"""`hf:NAME` or `hf:NAME:SPLIT` is a data set of the Hub, or whatever else `datasets.load_dataset` takes."""
DROPPED = "dropped-"
"""How files with what a filter left out begin; they are no data."""
STRIDE = 64
"""Lines from one remembered place to the next."""
BLOCK = 16 << 20
LONGEST_LINE = 8 << 20
"""Bytes of one row; a longer line is no row."""


class RowsError(Exception):
    """A source cannot be opened; the message names it and says why."""


class Lazy(Sequence[tuple[int, Any]]):
    """Rows by number: `(line, row)`, where the row is an Exception if the line is none. Sources only differ in `read`."""

    def __init__(self, count: int) -> None:
        self._count = count

    def read(self, number: int) -> tuple[int, Any]:
        raise NotImplementedError

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> tuple[int, Any]: ...

    @overload
    def __getitem__(self, number: slice) -> list[tuple[int, Any]]: ...

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        if not 0 <= number < len(self):  # a sequence is iterated until this is raised
            raise IndexError(number)
        return self.read(number)


def open_rows(path: Path) -> Sequence[tuple[int, Any]]:
    """The rows of a source, none of them read yet. Raises RowsError."""
    if str(path).startswith(HUB):
        return _Hub(str(path).removeprefix(HUB))
    if path.is_dir():
        found = sorted([*path.rglob("*.parquet"), *path.rglob("*.jsonl")])
        files = [file for file in found if not file.name.startswith(DROPPED)]
        if not files:
            raise RowsError(f"{path}: no .parquet or .jsonl file in this folder")
        return _Joined([open_rows(file) for file in files])
    if not path.is_file():
        raise RowsError(f"{path}: no such file")
    return _Parquet(path) if path.suffix == ".parquet" else _JsonLines(path)


def size_bytes(path: Path) -> int:
    """How much there is to read; 0 where only opening it tells."""
    return path.stat().st_size if path.is_file() else 0


class _JsonLines(Lazy):
    def __init__(self, path: Path) -> None:
        self._path = path
        self._places, count = _places(path)
        super().__init__(count)
        self._file = path.open("rb")
        self._next = -1
        """The line that the file stands at: reading on in order needs no seeking."""

    def read(self, number: int) -> tuple[int, Any]:
        if number != self._next:
            self._file.seek(self._places[number // STRIDE])
            for _ in range(number % STRIDE):
                self._file.readline()
        line = self._file.readline()
        self._next = number + 1
        if len(line) > LONGEST_LINE:
            return number + 1, ValueError(f"longer than {LONGEST_LINE >> 20} MiB")
        try:
            return number + 1, json.loads(line.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            return number + 1, ValueError(f"not JSON: {error}" if line.strip() else "an empty line")


def _places(path: Path) -> tuple[list[int], int]:
    """(where every STRIDE-th line begins, number of lines); a line at the end need not be closed."""
    import numpy as np

    places, lines, at, last = [0], 0, 0, b"\n"
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == 10)
            first = STRIDE - 1 - lines % STRIDE  # the line end after which a remembered line begins
            places += (ends[first::STRIDE] + (at + 1)).tolist()
            lines, at, last = lines + len(ends), at + len(block), block[-1:]
    return places, lines + (last != b"\n")


class _Parquet(Lazy):
    def __init__(self, path: Path) -> None:
        import pyarrow
        import pyarrow.parquet

        try:
            self._file = pyarrow.parquet.ParquetFile(path)
        except (pyarrow.ArrowInvalid, OSError) as error:
            raise RowsError(f"{path}: not a Parquet file: {error}") from None
        groups = self._file.metadata
        self._ends = list(itertools.accumulate(groups.row_group(i).num_rows for i in range(groups.num_row_groups)))
        super().__init__(groups.num_rows)
        self._held: tuple[int, Any] = (-1, None)

    def read(self, number: int) -> tuple[int, Any]:
        group = bisect.bisect_right(self._ends, number)
        if group != self._held[0]:
            self._held = (group, self._file.read_row_group(group))
        within = number - (self._ends[group - 1] if group else 0)
        return number + 1, self._held[1].slice(within, 1).to_pylist()[0]


class _Hub(Lazy):
    def __init__(self, name: str) -> None:
        from datasets import load_dataset

        name, _, split = name.partition(":")
        try:
            self._rows = load_dataset(name, split=split or "train")
        except Exception as error:  # of every kind: network, access, names, formats
            raise RowsError(f"{HUB}{name}: `datasets` cannot load it: {str(error).splitlines()[0][:200]}") from None
        super().__init__(len(self._rows))

    def read(self, number: int) -> tuple[int, Any]:
        return number + 1, self._rows[number]


class _Joined(Lazy):
    def __init__(self, parts: list[Sequence[tuple[int, Any]]]) -> None:
        self._parts = parts
        self._ends = list(itertools.accumulate(map(len, parts)))
        super().__init__(self._ends[-1])

    def read(self, number: int) -> tuple[int, Any]:
        part = bisect.bisect_right(self._ends, number)
        return number + 1, self._parts[part][number - (self._ends[part - 1] if part else 0)][1]


def shards(folder: Path) -> list[Path]:
    """The Parquet files of a data set, in order; those of an older run lie under another name."""
    return sorted(folder.glob("train*.parquet"))
