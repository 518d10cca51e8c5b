"""Opens Parquet files, and measures a row group before it is read: what a file claims of itself is its maker's word.

A page says how many bytes it unpacks to, and a value that stands once in a dictionary may be meant a billion times: some
hundred bytes may ask for all the memory there is. The headers of its pages are read first, a few bytes each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from rows.limits import BATCH, LARGEST_BATCH, LARGEST_GROUP, LARGEST_HEADER, LARGEST_PAGE, MOST_FOLD, RowsError, json_of
from rows.places import open_regular

OBJECT = 64
"""Bytes of a value of a list, as Python has it."""
DICTIONARY, DATA, DATA_2 = 2, 0, 3
"""Kinds of pages, as the format numbers them."""


class _Torn(ValueError):
    """The header ends before it is whole."""


@dataclass(frozen=True)
class Extent:
    """What a row group comes to."""

    rows: int
    """That its pages can hold."""
    batch: int
    """Rows to hold at a time."""
    at_once: int
    """Bytes that it may unpack to where all of it is read."""


def opened(path: Path) -> Any:
    """The `pyarrow.parquet.ParquetFile`. Raises RowsError."""
    import pyarrow
    import pyarrow.parquet

    try:
        open_regular(path).close()
        return pyarrow.parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise RowsError(f"{path}: not a readable Parquet file: {error}") from None


def batches(path: Path, columns: Sequence[str] | None = None) -> Iterator[list[Any]]:
    """The rows of a file, at most `BATCH` at a time. Raises RowsError."""
    import pyarrow

    first, wanted = 1, None if columns is None else list(columns)
    with opened(path) as file:
        try:
            for group in range(file.metadata.num_row_groups):
                extent = measured(path, file, group, wanted)
                for batch in file.iter_batches(extent.batch, row_groups=[group], columns=wanted):
                    yield rows_of(batch)
                    first += batch.num_rows
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise RowsError(f"{path}, row {first}: not a readable Parquet file: {error}") from None


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
        try:
            return json_of(value)
        except ValueError:
            return value
    if pa.types.is_struct(kind):
        return {name: _unpacked(kind.field(name).type, held) for name, held in value.items()}
    return [_unpacked(kind.value_type, held) for held in value] if _is_list(kind) else value


def _is_list(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def whole_group(path: Path, file: Any, group: int) -> Any:
    """A row group as a table. Raises RowsError where it is larger than a row group may be, ValueError, OSError."""
    extent = measured(path, file, group)
    held = file.metadata.row_group(group)
    size = sum(held.column(i).total_compressed_size for i in range(held.num_columns))
    if extent.at_once > LARGEST_GROUP:
        raise RowsError(
            f"{path}: row group {group} may unpack to {extent.at_once >> 20:,} MiB from {size:,} bytes, and at most "
            f"{LARGEST_GROUP >> 20:,} MiB are read at once; write the file with smaller row groups"
        )
    return file.read_row_group(group)


def measured(path: Path, file: Any, group: int, columns: Sequence[str] | None = None) -> Extent:
    """What a row group comes to, by its pages' headers. Raises RowsError where one claims more than it may."""
    held = file.metadata.row_group(group)
    longest = at_once = nested = packed = 0
    rows = held.num_rows
    with open_regular(path) as source:
        for number in range(held.num_columns):
            chunk = held.column(number)
            if columns is not None and chunk.path_in_schema.partition(".")[0] not in columns:
                continue
            if not chunk.num_values:  # a table without rows is written with a group, and its columns without a page
                rows = 0
                continue
            try:
                values, size, entry = _chunk(source, chunk)
            except ValueError as error:
                where = f"row group {group}, column {chunk.path_in_schema}"
                raise RowsError(f"{path}: {where}: not a readable Parquet file: {error}") from None
            rows = min(rows, values)
            packed += chunk.total_compressed_size
            at_once += size + values * (entry + 8)
            if file.schema.column(number).max_repetition_level:
                nested += size + values * (entry + OBJECT)  # all of them may be one row's
            else:
                longest += entry
    if rows < held.num_rows:
        raise RowsError(f"{path}: row group {group} claims {held.num_rows:,} rows and has pages for {rows:,}")
    if nested > max(LARGEST_GROUP, MOST_FOLD * packed):
        raise RowsError(
            f"{path}: row group {group} may unpack to {nested >> 20:,} MiB from {packed:,} bytes; write the file anew "
            "with smaller row groups, or leave it out"
        )
    return Extent(rows, max(1, min(BATCH, LARGEST_BATCH // max(1, longest))), at_once)


def _chunk(source: IO[bytes], chunk: Any) -> tuple[int, int, int]:
    """(values, bytes unpacked, bytes of the longest entry of its dictionary) of a column of a row group. Raises ValueError."""
    at = chunk.data_page_offset
    if chunk.dictionary_page_offset is not None:
        at = min(at, chunk.dictionary_page_offset)
    end = at + chunk.total_compressed_size
    values = size = entry = 0
    while at < end:
        header, length = _header(source, at)
        unpacked, packed = header.get(2, -1), header.get(3, -1)
        if not (isinstance(unpacked, int) and isinstance(packed, int) and unpacked >= 0 <= packed):
            raise ValueError("a page without its sizes")
        if unpacked > LARGEST_PAGE:
            raise ValueError(
                f"a page claims to unpack to {unpacked >> 20:,} MiB, and {LARGEST_PAGE >> 20} MiB are the most; write the "
                "file with smaller pages"
            )
        size += unpacked
        kind = header.get(1)
        if kind == DICTIONARY:
            entry = _longest(source, at + length, packed, unpacked, chunk)
        elif kind in (DATA, DATA_2):
            counted = header.get(5 if kind == DATA else 8)
            number = counted.get(1) if isinstance(counted, dict) else None
            if not isinstance(number, int) or number < 0:
                raise ValueError("a page without its number of values")
            values += number
        at += length + packed
    return values, size, entry


def _longest(source: IO[bytes], at: int, packed: int, unpacked: int, chunk: Any) -> int:
    """Bytes of the longest text of a dictionary; 0 where it holds none."""
    import pyarrow as pa

    if chunk.physical_type != "BYTE_ARRAY":
        return 0
    source.seek(at)
    data = source.read(packed)
    if chunk.compression != "UNCOMPRESSED":
        try:
            name = {"LZ4": "lz4_raw", "LZ4_RAW": "lz4_raw"}.get(chunk.compression, chunk.compression.lower())
            data = pa.Codec(name).decompress(data, unpacked, asbytes=True)
        except (pa.ArrowException, OSError, ValueError):
            return unpacked
    most = place = 0
    while place + 4 <= len(data):
        length = int.from_bytes(data[place : place + 4], "little")
        most = max(most, length)
        place += 4 + length
    return min(most, unpacked)


def _header(source: IO[bytes], at: int) -> tuple[dict[int, Any], int]:
    """(fields by number, bytes) of the page header that begins there. Raises ValueError."""
    wanted = 256
    while wanted <= LARGEST_HEADER:
        source.seek(at)
        data = source.read(wanted)
        try:
            return _struct(data, 0)
        except (_Torn, IndexError):
            if len(data) < wanted:
                break
            wanted *= 16
    raise ValueError("a page's header is cut off")


# Thrift's compact protocol, as far as a page's header needs it: fields by number, each a number, bytes or a struct.


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number that is too long")


def _struct(data: bytes, at: int, depth: int = 0) -> tuple[dict[int, Any], int]:
    fields: dict[int, Any] = {}
    number = 0
    if depth > 4:
        raise ValueError("a header that is nested too deeply")
    while data[at]:
        step, kind = data[at] >> 4, data[at] & 15
        at += 1
        if step:
            number += step
        else:
            zigzag, at = _varint(data, at)
            number = (zigzag >> 1) ^ -(zigzag & 1)
        if kind in (1, 2):
            fields[number] = kind == 1
        elif kind == 3:
            at += 1
        elif kind in (4, 5, 6):
            zigzag, at = _varint(data, at)
            fields[number] = (zigzag >> 1) ^ -(zigzag & 1)
        elif kind == 7:
            at += 8
        elif kind == 8:
            length, at = _varint(data, at)
            at += length
            if at > len(data):
                raise _Torn
        elif kind == 12:
            fields[number], at = _struct(data, at, depth + 1)
        else:
            raise ValueError("a header of another format")
    return fields, at + 1
