"""Writes rows to numbered Parquet shards of one schema as they come, or to one file. It appears whole or not at all."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from rows.encoding import encodable, encodable_value
from rows.messages import called_by_text
from rows.parquet import holds_json
from rows.readers import PARQUET
from rows.sources import Source

ROWS_PER_GROUP = 2048
"""Rows in memory before a row group is written; a reader holds one group."""
ROWS_PER_SHARD = 49 * ROWS_PER_GROUP
"""About 100,000, in whole groups."""
EXACT = 1 << 53
"""Whole numbers up to here are floats as well."""
WRITING = ".writing"
"""How a file is called until it is complete."""


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path to write to, beside `path`, that becomes `path` when the block ends and goes when it fails. Whoever would write the same
    meanwhile waits for the end of the block.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}{WRITING}")
    held = _alone(unfinished)
    try:
        yield unfinished
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    finally:
        os.close(held)


def _alone(unfinished: Path) -> int:
    """The file, opened and locked; the kernel lets go of it when it is closed, and when its holder dies."""
    while True:
        held = os.open(unfinished, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            with contextlib.suppress(OSError):  # a disk without locks
                fcntl.flock(held, fcntl.LOCK_EX)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(held), unfinished.stat()):
                    return held
        except BaseException:
            os.close(held)
            raise
        os.close(held)  # whoever was waited for has put it into its place


def write_json_lines(path: Path, rows: Iterable[Mapping[str, Any]], *, ascii_only: bool = False) -> int:
    """Write one JSON object a line; returns how many. `ascii_only` escapes the rest, and keeps even a lone surrogate."""
    count = 0
    with whole(path) as unfinished, unfinished.open("w", encoding="utf-8") as target:
        for row in rows:
            target.write(encodable(json.dumps(row, ensure_ascii=ascii_only, default=str)) + "\n")
            count += 1
    return count


def write_parquet(path: Path, rows: Iterable[dict[str, Any]], columns: dict[str, Any]) -> None:
    """Write one Parquet file of the columns, see `Shards`."""
    with whole(path) as unfinished:
        writer = _Writer(columns)
        writer.open(unfinished)
        for row in rows:
            writer.add(row)
        writer.close()


class Schema:
    """The columns of a data set, learned from its rows; what has no one type becomes JSON text."""

    def __init__(self) -> None:
        self._fields: dict[str, Any] = {}
        self._wide: set[str] = set()
        """Columns with whole numbers that no float holds."""

    def take(self, sources: list[Source]) -> bool:
        """Take the types that Parquet files state; False, and none taken, where a file states none, JSON's, or they contradict."""
        import pyarrow as pa
        import pyarrow.parquet as parquet

        if not all(source.path.suffix == PARQUET for source in sources):
            return False
        try:
            schemas = [parquet.read_schema(source.path) for source in sources]
            stated = pa.unify_schemas(schemas, promote_options="permissive")
        except pa.ArrowException:
            return False
        if any(holds_json(field.type) for field in stated):  # the values it holds have types of their own
            return False
        floats = {field.name for field in stated if pa.types.is_floating(field.type)}
        if any(pa.types.is_integer(field.type) for schema in schemas for field in schema if field.name in floats):
            return False  # which of them a float holds, the values tell
        self._fields = {field.name: field.type for field in stated}
        return True

    def learn(self, rows: list[dict[str, Any]]) -> None:
        """See some rows; a few hundred at a time."""
        import pyarrow as pa

        rows = [called_by_text(row) for row in rows]
        for name in dict.fromkeys(name for row in rows for name in row):
            values = [row.get(name) for row in rows]
            try:
                seen = _type_of(values)
                known = self._fields.get(name, pa.null())
                if not _same_keys(known, seen):
                    raise TypeError("objects of differing keys")
                joined = pa.unify_schemas(
                    [pa.schema([(name, known)]), pa.schema([(name, seen)])], promote_options="permissive"
                )
                kind = joined.field(name).type
                if pa.types.is_integer(seen) and any(abs(value) > EXACT for value in values if value is not None):
                    self._wide.add(name)
                self._fields[name] = None if name in self._wide and pa.types.is_floating(kind) else kind
            except (pa.ArrowException, TypeError, ValueError, OverflowError):
                self._fields[name] = None

    def columns(self) -> dict[str, Any]:
        """Name -> Arrow type, or None for JSON text."""
        return dict(self._fields)


class Shards:
    """Files `NAME-00000.parquet`, ... in a folder, complete once the block of `with` has ended; none where it fails.

    `columns` is name -> Arrow type, or None for JSON text.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        columns: dict[str, Any],
        *,
        rows_per_shard: int = ROWS_PER_SHARD,
        rows_per_group: int = ROWS_PER_GROUP,
    ) -> None:
        self._folder, self._name, self._rows_per_shard = folder, name, rows_per_shard
        self._writer = _Writer(columns, rows_per_group)
        self._unfinished: list[Path] = []
        self._in_shard = 0
        self.files: list[Path] = []
        """Their paths, once all are complete. Without a row there is one empty shard."""

    def __enter__(self) -> "Shards":
        self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._writer.close(flush=error is None)
            if error is None:
                self._appear()
        finally:
            for path in self._unfinished:
                path.unlink(missing_ok=True)

    def add(self, row: dict[str, Any]) -> None:
        if self._in_shard == self._rows_per_shard:
            self._writer.close()
            self._begin()
        self._writer.add(row)
        self._in_shard += 1

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._unfinished.append(self._folder / f"{self._name}-{len(self._unfinished):05d}{WRITING}")
        self._writer.open(self._unfinished[-1])
        self._in_shard = 0

    def _appear(self) -> None:
        self.files = [path.with_suffix(PARQUET) for path in self._unfinished]
        for path, final in zip(self._unfinished, self.files, strict=True):
            path.replace(final)
        for old in [*self._folder.glob(f"{self._name}-*{PARQUET}"), *self._folder.glob(f"{self._name}-*{WRITING}")]:
            if old not in self.files:  # of an earlier time, or of a killed one
                old.unlink()


class _Writer:
    """Rows into Parquet files of one schema, a row group at a time."""

    def __init__(self, columns: dict[str, Any], rows_per_group: int = ROWS_PER_GROUP) -> None:
        import pyarrow as pa

        self._columns, self._rows_per_group = columns, rows_per_group
        # A column of nothing but null is written as text: not every reader takes Arrow's null type.
        types = {
            column: pa.string() if kind is None or pa.types.is_null(kind) else kind for column, kind in columns.items()
        }
        self._schema = pa.schema(list(types.items()))
        self._as_text = {name for name, kind in columns.items() if kind is None}
        self._held: list[dict[str, Any]] = []
        self._file: Any = None
        self._groups = 0

    def open(self, path: Path) -> None:
        import pyarrow.parquet as parquet

        self._file, self._groups = parquet.ParquetWriter(path, self._schema), 0

    def add(self, row: dict[str, Any]) -> None:
        self._held.append(called_by_text(row))
        if len(self._held) >= self._rows_per_group:
            self._flush()

    def close(self, flush: bool = True) -> None:
        """End the file with what is held; a file without rows gets an empty group."""
        try:
            if flush and (self._held or not self._groups):
                self._flush()
        finally:
            self._file.close()

    def _flush(self) -> None:
        import pyarrow as pa

        rows = [self._with_text(row) for row in self._held] if self._as_text else self._held
        try:
            table = pa.Table.from_pylist(rows, schema=self._schema)
        except UnicodeEncodeError:
            table = pa.Table.from_pylist([encodable_value(row) for row in rows], schema=self._schema)
        self._file.write_table(table)
        self._held, self._groups = [], self._groups + 1

    def _with_text(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            name: json.dumps(value, ensure_ascii=True, default=str) if name in self._as_text else value
            for name, value in row.items()
        }


def _type_of(values: list[Any]) -> Any:
    import pyarrow as pa

    try:
        found = pa.array(values).type  # `pa.infer_type` would take the first of several types
    except UnicodeEncodeError:
        found = pa.array(encodable_value(values)).type
    if not _keeps_keys(values):
        raise TypeError("objects of differing keys")
    return found


MESSAGE_MARKS = {"role", "function"}
"""Keys by which messages and their tool calls are known: of those null is as good as lacking, to every reader."""


def _same_keys(one: Any, other: Any) -> bool:
    """As `_keeps_keys`, of the types of two parts of a column."""
    import pyarrow.types as kinds

    if one is None or kinds.is_null(one) or kinds.is_null(other):
        return True
    if kinds.is_struct(one) and kinds.is_struct(other):
        names, others = ({kind.field(i).name for i in range(kind.num_fields)} for kind in (one, other))
        optional = bool(names & others & MESSAGE_MARKS)
        return (optional or names == others) and all(
            _same_keys(one.field(name).type, other.field(name).type) for name in names & others
        )
    if kinds.is_list(one) and kinds.is_list(other):
        return _same_keys(one.value_type, other.value_type)
    return True


def _keeps_keys(values: Iterable[Any]) -> bool:
    """Whether Arrow gives objects back with the keys that they came with. It has one struct for all, in which a key that one
    lacks is null, and cannot write one without keys.
    """
    values = [value for value in values if value is not None]
    objects = [value for value in values if isinstance(value, Mapping)]
    keys = dict.fromkeys(key for value in objects for key in value)
    optional = any(all(mark in value for value in objects) for mark in MESSAGE_MARKS)
    if objects and (not keys or not (optional or all(value.keys() == keys.keys() for value in objects))):
        return False
    inner = [item for value in values if isinstance(value, list | tuple) for item in value]
    return all(_keeps_keys(value.get(key) for value in objects) for key in keys) and (not inner or _keeps_keys(inner))
