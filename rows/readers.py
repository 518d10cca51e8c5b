"""Reads files of rows as a stream: JSONL (also .gz and .zst), Parquet, a folder of either, a data set of the Hub.

    for place, row in stream(Path("rows.jsonl")):
        if isinstance(row, BadRow):
            print(f"{place}: {row}")  # rows.jsonl:3: not JSON: ...

Whoever wants a row by its number finds it in `by_number`, whoever wants the rows counted and in batches in `sources`.
"""

import codecs
import datetime
import io
import itertools
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rows.places import files_in, open_regular

HUB = "hf:"
"""`hf:NAME`, with `@CONFIG` and `#SPLIT` or `:SPLIT` behind it where wanted: whatever `datasets.load_dataset` takes."""
DROPPED = "dropped-"
"""How files with what a filter left out begin; they are no data."""
JSON_LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
PARQUET = ".parquet"
LONGEST_LINE = 8 << 20
"""Bytes of one row; a longer line is no row."""
BATCH = 1024
"""Rows held at a time."""


class RowsError(Exception):
    """A source cannot be opened, read on or written; the message names it and says why."""


class BadRow(ValueError):
    """Stands in the place of a row that could not be read; its text says why, `__cause__` is the parser's own error."""


class EmptyLine(BadRow):
    """A line of nothing but white space."""


@dataclass(frozen=True)
class HubName:
    """A data set of the Hub, as `datasets.load_dataset` takes it."""

    name: str
    config: str | None
    split: str


def is_hub(source: str | Path) -> bool:
    """Whether the source is a data set's name rather than a path."""
    return str(source).startswith(HUB)


def hub_name(source: str | Path) -> HubName:
    """What `hf:NAME[@CONFIG][#SPLIT]` names; the split is `train` unless named."""
    rest = str(source).removeprefix(HUB)
    for mark in "#:":
        rest, _, split = rest.partition(mark)
        if split:
            break
    name, _, config = rest.partition("@")
    return HubName(name, config or None, split or "train")


def files_of(source: Path) -> list[Path]:
    """The file itself, or a folder's Parquet and JSONL files by path, without what a filter dropped.

    Raises RowsError, also where one of a folder's is a link that leads out of it.
    """
    if source.is_file():
        _refuse_tables(source)
        return [source]
    if not source.is_dir():
        raise RowsError(f"{source}: no such file")
    found = files_in(source, (PARQUET, ".jsonl"))
    for path, why in found.left_out:
        raise RowsError(f"{path}: {why}; take it out, or name the files themselves")
    files = [file for file in found.files if not file.name.startswith(DROPPED)]
    if not files:
        raise RowsError(f"{source}: no .parquet or .jsonl file in this folder")
    return files


def _refuse_tables(file: Path) -> None:
    """Raises RowsError for a file whose lines are no rows of ours, so that none of them is taken for a damaged one."""
    kind = {".csv": "CSV", ".tsv": "a table of tabs", ".xlsx": "a spreadsheet"}.get(file.suffix.lower(), "")
    if not kind and file.suffix.lower() == ".json" and is_array(str(file)):
        kind = "a JSON array"
    if kind:
        raise RowsError(f"{file}: {kind} is not read; needed: JSONL (an object a line) or Parquet")


def shards(folder: Path) -> list[Path]:
    """The Parquet files of a data set of ours, in order; those of an older run lie under another name."""
    return sorted(folder.glob("train*.parquet"))


def stream(source: str | Path, columns: Sequence[str] | None = None) -> Iterator[tuple[str, Any]]:
    """(place, row) of every row of a source; what could not be read is a BadRow in its place. Raises RowsError.

    `columns` are all that is read of a Parquet file.
    """
    if is_hub(source):
        for number, row in enumerate(hub_rows(source), 1):
            yield f"{source}, row {number}", row
        return
    for file in files_of(Path(source)):
        before = places(file)  # once: a path's suffix costs as much as a short row
        for number, row in read(file, columns):
            yield f"{before}{number}", row


def read(
    file: Path, columns: Sequence[str] | None = None, *, strict: bool = False, longest: int | None = LONGEST_LINE
) -> Iterator[tuple[int, Any]]:
    """(number from 1, row) of one file; of JSONL it is the line's, and what is no row is a BadRow. Raises RowsError.

    A line of more than `longest` bytes is no row. Bytes that are no UTF-8 are replaced, or where `strict` no row.
    """
    if file.suffix == PARQUET:
        return enumerate(itertools.chain.from_iterable(parquet_batches(file, columns)), 1)
    return enumerate((parsed(line, strict, longest) for line in lines(file)), 1)


def batches(file: Path) -> Iterator[list[Any]]:
    """The rows of one file, at most `BATCH` at a time. Raises RowsError."""
    if file.suffix == PARQUET:
        yield from parquet_batches(file)
        return
    rows = map(parsed, lines(file))
    while batch := list(itertools.islice(rows, BATCH)):
        yield batch


def places(file: Path) -> str:
    """What stands before the number where a row is named to a person: `file.jsonl:3`, `file.parquet, row 3`."""
    return f"{file}, row " if file.suffix == PARQUET else f"{file}:"


def parsed(line: bytes, strict: bool = False, longest: int | None = LONGEST_LINE) -> Any:
    """The row that a line of JSON is, or a BadRow."""
    if longest is not None and len(line) > longest:
        return BadRow(f"longer than {longest >> 20} MiB")
    try:
        text = line.decode("utf-8", "strict" if strict else "replace")
    except UnicodeDecodeError as error:
        return _caused(BadRow(f"not UTF-8: {error.reason}"), error)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        return _caused(BadRow(f"not JSON: {error}") if text.strip() else EmptyLine("an empty line"), error)


def _caused(bad: BadRow, error: Exception) -> BadRow:
    bad.__cause__ = error
    return bad


def lines(file: Path) -> Iterator[bytes]:
    """The lines of a file, unpacked where it is packed, without a byte order mark in front. Raises RowsError where it cannot be
    read to its end.
    """
    number = 0
    try:
        with _open(file) as source:
            for number, line in enumerate(source, 1):
                yield line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
    except (OSError, EOFError, zlib.error) as error:
        raise RowsError(f"{file}:{number + 1}: cannot be read: {error}; a truncated archive?") from None


def _open(file: Path) -> IO[bytes]:
    if file.suffix == ".gz":
        import gzip

        return io.BufferedReader(gzip.open(open_regular(file), "rb"))  # a line at a time, but not in Python
    if file.suffix == ".zst":
        try:
            import zstandard
        except ImportError:
            raise RowsError(f"{file}: reading .zst needs the package zstandard: pip install zstandard") from None
        return io.BufferedReader(zstandard.open(open_regular(file), "rb"))
    return open_regular(file)


def parquet_batches(file: Path, columns: Sequence[str] | None = None) -> Iterator[list[Any]]:
    """The rows of a Parquet file, at most `BATCH` at a time. Raises RowsError."""
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(file) as opened:
            for batch in opened.iter_batches(BATCH, columns=None if columns is None else list(columns)):
                yield rows_of(batch)
    except (pyarrow.ArrowException, OSError) as error:
        raise RowsError(f"{file}: not a readable Parquet file: {error}") from None


def rows_of(table: Any) -> list[Any]:
    """The rows of an Arrow table or batch. What `datasets` holds as JSON text, in a type of its own, are the values it says."""
    rows: list[Any] = table.to_pylist()
    packed = [field for field in table.schema if holds_json(field.type)]
    for row in rows if packed else ():
        row |= {field.name: _unpacked(field.type, row[field.name]) for field in packed}
    return rows


def holds_json(kind: Any) -> bool:
    """Whether an Arrow type has JSON's extension type in it, at any depth."""
    import pyarrow as pa

    if isinstance(kind, pa.JsonType):
        return True
    if pa.types.is_struct(kind):
        return any(holds_json(kind.field(place).type) for place in range(kind.num_fields))
    return _is_list(kind) and holds_json(kind.value_type)


def _unpacked(kind: Any, value: Any) -> Any:
    import pyarrow as pa

    if value is None:
        return None
    if isinstance(kind, pa.JsonType):
        held = parsed(value.encode(), longest=None)
        return value if isinstance(held, BadRow) else held
    if pa.types.is_struct(kind):
        return {name: _unpacked(kind.field(name).type, held) for name, held in value.items()}
    return [_unpacked(kind.value_type, held) for held in value] if _is_list(kind) else value


def _is_list(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def column_names(file: Path) -> list[str]:
    """The columns of a Parquet file. Raises RowsError."""
    import pyarrow
    import pyarrow.parquet

    try:
        return list(pyarrow.parquet.read_schema(file).names)
    except (pyarrow.ArrowException, OSError) as error:
        raise RowsError(f"{file}: not a readable Parquet file: {error}") from None


def hub_rows(source: str | Path) -> Iterator[Any]:
    """The rows of a data set of the Hub as they come down; a line that is no row is a BadRow. Raises RowsError."""
    files = hub_json(source, streaming=True)
    if files is None:
        return map(as_json, load_hub(source, streaming=True))
    return itertools.chain.from_iterable(map(json_rows, files))


def hub_json(source: str | Path, *, streaming: bool) -> list[str] | None:
    """The JSON files of a data set of the Hub, on this disk unless `streaming`; None where it has none of rows, or a part of a
    split is asked for. Raises RowsError.

    They are read here, not by `datasets`, which makes a timestamp of every text that looks like a date.
    """
    from datasets import DownloadManager, StreamingDownloadManager, load_dataset_builder
    from datasets.packaged_modules.json.json import Json

    wanted = hub_name(source)
    try:
        builder = load_dataset_builder(wanted.name, wanted.config)
        if not isinstance(builder, Json) or builder.config.field:
            return None
        found = (builder.config.data_files or {}).get(wanted.split)
        if not found:
            return None
        manager: Any = (StreamingDownloadManager if streaming else DownloadManager)(base_path=builder.base_path)
        places = manager.download_and_extract(list(found))
        files = [str(file) for place in places for file in manager.iter_files(place)]
        return files if all(map(_holds_rows, files[:1])) else None
    except Exception as error:  # of every kind: network, access, names, formats
        raise RowsError(_no_hub(source, error)) from None


def json_rows(file: str) -> Iterator[Any]:
    """The rows of a JSONL file, or of one that is a single array, at a path or at an address that `datasets` opens."""
    from datasets.utils.file_utils import xopen

    with xopen(file, "rb") as opened:
        for number, line in enumerate(opened, 1):
            text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            if number == 1 and text.lstrip().startswith(b"["):
                whole = parsed(text + opened.read(), longest=None)
                yield from [whole] if isinstance(whole, BadRow) else map(_as_row, whole)
                return
            yield parsed(text)


def is_array(file: str) -> bool:
    """Whether a JSON file on this disk is a single array."""
    with Path(file).open("rb") as opened:
        return opened.readline().removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"[")


def _holds_rows(file: str) -> bool:
    """Whether a JSON file is one of lines, or a single array, and not one object over many lines."""
    from datasets.utils.file_utils import xopen

    with xopen(file, "rb") as opened:
        first = opened.readline().removeprefix(codecs.BOM_UTF8)
    return first.lstrip().startswith(b"[") or not isinstance(parsed(first), BadRow)


def _as_row(item: Any) -> Any:
    return {"text": item} if isinstance(item, str) else item


def as_json(value: Any) -> Any:
    """A row with its dates and times as texts, as JSON would have them."""
    if isinstance(value, dict):
        return {name: as_json(held) for name, held in value.items()}
    if isinstance(value, list):
        return [as_json(held) for held in value]
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def load_hub(source: str | Path, *, streaming: bool = False) -> Any:
    """A data set of the Hub, whole on this disk or streaming. Raises RowsError."""
    from datasets import load_dataset

    wanted = hub_name(source)
    try:
        return load_dataset(wanted.name, wanted.config, split=wanted.split, streaming=streaming)
    except Exception as error:  # of every kind: network, access, names, formats
        raise RowsError(_no_hub(source, error)) from None


def _no_hub(source: str | Path, error: Exception) -> str:
    said = str(error).strip().splitlines()
    return f"{source}: `datasets` cannot load it: {said[0][:200] if said else type(error).__name__}"
