"""What a file claims costs no memory before it is believed: lines, pages, dictionaries and depth are bounded, and told."""

import gzip
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from rows import by_number, limits, parquet, readers
from rows.limits import RowsError, json_of
from rows.readers import BadRow, read

GOOD = b'{"text": "x"}\n'


def packed(path: Path, data: bytes) -> Path:
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(data))
    elif path.suffix == ".zst":
        with pa.CompressedOutputStream(str(path), "zstd") as target:
            target.write(data)
    else:
        path.write_bytes(data)
    return path


def table_of(path: Path, column: pa.Array, **options: Any) -> Path:
    pyarrow.parquet.write_table(pa.table({"text": column}), path, compression="zstd", **options)
    return path


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz", "rows.jsonl.zst"])
def test_a_line_without_end_is_no_row_and_never_held(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "PIECE", 1 << 10)
    path = packed(tmp_path / name, GOOD + b'"' + b"y" * 300_000 + b'"\n' + GOOD + b"z" * 50_000)
    held: list[int] = []
    parsed = readers.parsed

    def watched(line: bytes, *rest: Any) -> Any:
        held.append(len(line))
        return parsed(line, *rest)

    monkeypatch.setattr(readers, "parsed", watched)
    rows = [row for _, row in read(path, longest=20_000)]
    assert [type(row) for row in rows] == [dict, BadRow, dict, BadRow] and "longer than" in str(rows[1])
    assert held == [len(GOOD), 20_001, len(GOOD), 20_001]
    if path.suffix == ".jsonl":
        monkeypatch.setattr(by_number, "one_line", lambda source: readers.one_line(source, 20_000))
        monkeypatch.setattr(by_number, "parsed", lambda line: parsed(line, longest=20_000))
        assert [type(row) for _, row in by_number.open_rows(path)] == [dict, BadRow, dict, BadRow]


@pytest.mark.parametrize("name", ["rows.jsonl.gz", "rows.jsonl.zst"])
def test_what_is_no_archive_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"no archive at all")
    with pytest.raises(RowsError, match=rf"{name}:1: cannot be read"):
        list(read(tmp_path / name))


def test_json_nested_deeper_than_anybody_needs_is_no_row(tmp_path: Path) -> None:
    deepest = "[" * limits.DEEPEST + "]" * limits.DEEPEST
    assert json_of(deepest) and json_of(json.dumps(["[" * 1000] * 3))
    for text in (f"[{deepest}]", '{"a": ' * 500 + "1" + "}" * 500, "[" * 100_000):
        with pytest.raises(ValueError):
            json_of(text)
    path = packed(tmp_path / "rows.jsonl", GOOD + f"[{deepest}]\n".encode() + b"1" * 5000 + b"\n")
    rows = [row for _, row in read(path)]
    assert "nested more than" in str(rows[1]) and isinstance(rows[2], BadRow)


def claims_pages(path: Path) -> Path:
    return table_of(path, pa.array(["y" * 2_000_000]), use_dictionary=False)


def claims_lists(path: Path) -> Path:
    offsets = pa.array([0, 3_000_000], pa.int32())
    return table_of(path, pa.ListArray.from_arrays(offsets, pa.nulls(3_000_000, pa.int64())))


@pytest.mark.parametrize(
    ("write", "said"),
    [(claims_pages, "column text: .*a page claims to unpack to"), (claims_lists, "row group 0 may unpack to 183 MiB from")],
)  # fmt: skip
def test_a_small_file_that_asks_for_much_is_refused_by_name_however_it_is_read(
    write: Callable[[Path], Path], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "LARGEST_PAGE", 1 << 20)
    monkeypatch.setattr(parquet, "LARGEST_GROUP", 100 << 20)
    path = write(tmp_path / "rows.parquet")
    assert path.stat().st_size < 10_000
    with pytest.raises(RowsError, match=rf"rows\.parquet: .*{said}"):
        list(read(path))
    _, row = by_number.open_rows(path)[0]
    assert isinstance(row, BadRow) and re.search(said, str(row))
    monkeypatch.setattr(by_number, "MOST_ROWS", 0)
    with pytest.raises(RowsError, match=said):
        by_number.open_rows(path)


def test_a_long_text_meant_often_is_read_a_few_rows_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "LARGEST_BATCH", 1 << 20)
    monkeypatch.setattr(parquet, "LARGEST_GROUP", 50 << 20)
    often = pa.DictionaryArray.from_arrays(pa.array([0] * 600, pa.int32()), pa.array(["x" * 100_000]))
    path = table_of(tmp_path / "rows.parquet", often)
    assert {len(batch) for batch in parquet.batches(path)} == {10}
    assert sum(1 for _ in read(path)) == 600
    _, row = by_number.open_rows(path)[0]  # which holds a row group at once
    assert isinstance(row, BadRow) and "with smaller row groups" in str(row)


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "zstd", "lz4"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_every_page_of_ordinary_files_is_measured(compression: str, version: str, tmp_path: Path) -> None:
    rows = [
        {"text": f"{n % 7} " * 20, "n": n, "said": [{"role": "user", "content": str(n)}] * (n % 3)} for n in range(5000)
    ]
    path = tmp_path / "rows.parquet"
    pyarrow.parquet.write_table(
        pa.Table.from_pylist(rows), path, compression=compression, data_page_version=version, row_group_size=2000
    )
    assert [row for _, row in read(path)] == rows
    assert [row for _, row in by_number.open_rows(path)] == rows


def test_a_pipe_is_not_waited_for_by_any_reader(tmp_path: Path) -> None:
    for name in ("rows.jsonl", "rows.jsonl.gz", "rows.parquet"):
        os.mkfifo(tmp_path / name)
        for reading in (lambda path: list(read(path)), by_number.line_places, by_number._Parquet):
            with pytest.raises((RowsError, OSError)):
                reading(tmp_path / name)
