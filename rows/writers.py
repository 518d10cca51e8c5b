"""Writes rows to numbered Parquet shards of one schema, as they come; a set of shards appears as a whole or not at all."""

import json
from pathlib import Path
from typing import Any

from rows.forms import Source, encodable

ROWS_PER_SHARD = 100_000
ROWS_PER_GROUP = 2048
"""Rows in memory before a row group is written; a reader holds one group."""


class Schema:
    """The columns of a data set, learned from its rows; what has no one type becomes JSON text."""

    def __init__(self) -> None:
        self._fields: dict[str, Any] = {}

    def take(self, sources: list[Source]) -> bool:
        """Take the types that Parquet files state; False, and nothing taken, where a file states none or they contradict."""
        import pyarrow as pa
        import pyarrow.parquet as parquet

        if not all(source.path.suffix == ".parquet" for source in sources):
            return False
        try:
            stated = pa.unify_schemas(
                [parquet.read_schema(source.path) for source in sources], promote_options="permissive"
            )
        except pa.ArrowException:
            return False
        self._fields = {field.name: field.type for field in stated}
        return True

    def learn(self, rows: list[dict[str, Any]]) -> None:
        """See some rows; a few hundred at a time."""
        import pyarrow as pa

        for name in dict.fromkeys(name for row in rows for name in row):
            values = [row.get(name) for row in rows]
            try:
                seen = _type_of(values)
                known = self._fields.get(name, pa.null())
                joined = pa.unify_schemas(
                    [pa.schema([(name, known)]), pa.schema([(name, seen)])], promote_options="permissive"
                )
                self._fields[name] = joined.field(name).type
            except (pa.ArrowException, TypeError, ValueError, OverflowError):
                self._fields[name] = None

    def columns(self) -> dict[str, Any]:
        """Name -> Arrow type, or None for JSON text."""
        return dict(self._fields)


class Shards:
    """Files `NAME-00000.parquet`, ... in a folder, complete once `close` has returned."""

    def __init__(self, folder: Path, name: str, columns: dict[str, Any]) -> None:
        import pyarrow as pa

        self._folder, self._name, self._columns = folder, name, columns
        # A column of nothing but null is written as text: not every reader takes Arrow's null type.
        types = {
            column: pa.string() if kind is None or pa.types.is_null(kind) else kind for column, kind in columns.items()
        }
        self._schema = pa.schema(list(types.items()))
        self._held: list[dict[str, Any]] = []
        self._writer: Any = None
        self._in_shard = 0
        self._paths: list[Path] = []

    def add(self, row: dict[str, Any]) -> None:
        self._held.append(row)
        if len(self._held) >= ROWS_PER_GROUP:
            self._flush()

    def close(self) -> list[Path]:
        """Finish the last file; returns their final paths. Without a row there is one empty shard."""
        self._flush(last=True)
        self._end_shard()
        finals = []
        for path in self._paths:
            finals.append(path.with_suffix(".parquet"))
            path.replace(finals[-1])
        for old in self._folder.glob(f"{self._name}-*.parquet"):
            if old not in finals:
                old.unlink()
        return finals

    def _flush(self, last: bool = False) -> None:
        import pyarrow as pa
        import pyarrow.parquet as parquet

        if not self._held and not (last and not self._paths):
            return
        if self._writer is None:
            path = self._folder / f"{self._name}-{len(self._paths):05d}.writing"
            self._paths.append(path)
            self._writer = parquet.ParquetWriter(path, self._schema)
        rows = [self._as_json(row) for row in self._held] if None in self._columns.values() else self._held
        try:
            table = pa.Table.from_pylist(rows, schema=self._schema)
        except UnicodeEncodeError:
            table = pa.Table.from_pylist([_sound(row) for row in rows], schema=self._schema)
        self._writer.write_table(table)
        self._in_shard += len(self._held)
        self._held = []
        if self._in_shard >= ROWS_PER_SHARD:
            self._end_shard()

    def _end_shard(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._writer, self._in_shard = None, 0

    def _as_json(self, row: dict[str, Any]) -> dict[str, Any]:
        return {
            name: json.dumps(value, ensure_ascii=True, default=str) if self._columns.get(name, 0) is None else value
            for name, value in row.items()
        }


def _type_of(values: list[Any]) -> Any:
    import pyarrow as pa

    try:
        return pa.array(values).type  # `pa.infer_type` would take the first of several types
    except UnicodeEncodeError:
        return pa.array(_sound(values)).type


def _sound(value: Any) -> Any:
    """`value` without lone surrogates, at any depth."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {_sound(key): _sound(item) for key, item in value.items()}
    return [_sound(item) for item in value] if isinstance(value, list | tuple) else value
