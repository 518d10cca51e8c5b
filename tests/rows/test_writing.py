"""Shards and files appear whole or not at all, and hold what was given, lone surrogates aside."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import stream
from rows.encoding import encodable, encodable_value
from rows.writers import Schema, Shards, whole, write_json_lines, write_parquet


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_shards_are_numbered_and_old_ones_and_those_of_a_killed_writer_go(tmp_path: Path) -> None:
    for left in ("train-00009.parquet", "train-00008.writing"):
        (tmp_path / left).write_bytes(b"of an earlier time")
    with Shards(tmp_path, "train", {"n": pa.int64()}, rows_per_shard=3, rows_per_group=2) as shards:
        for n in range(7):
            shards.add({"n": n})
        assert not list(tmp_path.glob("train-00000.parquet"))
    assert names(tmp_path) == [f"train-0000{n}.parquet" for n in range(3)]
    assert [path.name for path in shards.files] == names(tmp_path)
    assert [row["n"] for _, row in stream(tmp_path)] == list(range(7))
    assert parquet.ParquetFile(tmp_path / "train-00000.parquet").num_row_groups == 2


def test_a_set_of_shards_that_fails_leaves_the_old_ones_alone(tmp_path: Path) -> None:
    with Shards(tmp_path, "train", {"n": pa.int64()}, rows_per_shard=2) as shards:
        for n in range(5):
            shards.add({"n": n})
    with pytest.raises(RuntimeError), Shards(tmp_path, "train", {"n": pa.int64()}, rows_per_shard=2) as shards:
        for _ in range(3):
            shards.add({"n": -1})
        raise RuntimeError
    assert names(tmp_path) == [f"train-0000{n}.parquet" for n in range(3)]
    assert [row["n"] for _, row in stream(tmp_path)] == list(range(5))


def test_no_row_is_one_empty_shard(tmp_path: Path) -> None:
    with Shards(tmp_path, "train", {"n": pa.int64(), "none": pa.null()}):
        pass
    table = parquet.read_table(tmp_path / "train-00000.parquet")
    assert (table.num_rows, table.schema.types) == (0, [pa.int64(), pa.string()])


def test_a_file_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert write_json_lines(path, [{"a": "é"}]) == 1
    with pytest.raises(RuntimeError), whole(path) as unfinished:
        unfinished.write_text("half")
        raise RuntimeError
    assert names(tmp_path) == ["out.jsonl"]
    assert path.read_text(encoding="utf-8") == '{"a": "é"}\n'


def test_two_that_write_one_file_at_once_write_it_one_after_the_other(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"

    def rows(name: str) -> Iterator[dict[str, str]]:
        for n in range(50):
            time.sleep(0.001)
            yield {"by": name, "n": str(n)}

    with ThreadPoolExecutor() as pool:
        written = [pool.submit(write_json_lines, path, rows(name)) for name in "abcd"]
    assert [one.result() for one in written] == [50] * 4
    assert names(tmp_path) == ["out.jsonl"]
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row["n"] for row in found] == [str(n) for n in range(50)]
    assert len({row["by"] for row in found}) == 1


def test_many_that_write_one_file_again_and_again_never_miss_it(tmp_path: Path) -> None:
    def write() -> None:
        for n in range(100):
            write_json_lines(tmp_path / "out.jsonl", [{"n": n}])

    with ThreadPoolExecutor(8) as pool:
        written = [pool.submit(write) for _ in range(8)]
    assert [one.exception() for one in written] == [None] * 8


def test_one_schema_is_learned_and_what_has_no_one_type_becomes_text(tmp_path: Path) -> None:
    rows = [{"a": 1, "b": 1}, {"a": 2.5, "b": "one"}, {"a": None, "b": [1]}]
    schema = Schema()
    for row in rows:
        schema.learn([row])
    assert schema.columns() == {"a": pa.float64(), "b": None}
    write_parquet(tmp_path / "x.parquet", rows, schema.columns())
    assert [row for _, row in stream(tmp_path)] == [
        {"a": 1.0, "b": "1"},
        {"a": 2.5, "b": '"one"'},
        {"a": None, "b": "[1]"},
    ]


def test_a_long_number_stays_itself_in_a_column_that_has_fractions_elsewhere(tmp_path: Path) -> None:
    long = 2**60 + 1
    parts = [[{"id": long, "n": 1}], [{"id": 1.5, "n": 0.5}]]
    schema = Schema()
    for part in parts:
        schema.learn(part)
    write_parquet(tmp_path / "rows.parquet", [row for part in parts for row in part], schema.columns())
    assert [(row["id"], row["n"]) for _, row in stream(tmp_path / "rows.parquet")] == [(str(long), 1.0), ("1.5", 0.5)]


def test_a_lone_surrogate_becomes_a_question_mark_wherever_it_is_written(tmp_path: Path) -> None:
    row = {"text": "a \ud800 b", "deep": [{"x": "\udcff"}]}
    write_json_lines(tmp_path / "a.jsonl", [row])
    schema = Schema()
    schema.learn([row])
    write_parquet(tmp_path / "b.parquet", [row], schema.columns())
    assert [found for _, found in stream(tmp_path)] == [{"text": "a ? b", "deep": [{"x": "?"}]}] * 2
    write_json_lines(tmp_path / "a.jsonl", [row], ascii_only=True)
    assert json.loads((tmp_path / "a.jsonl").read_bytes()) == row


@given(st.text(st.characters(), max_size=40))
def test_what_is_encodable_stays_and_the_rest_becomes_so(text: str) -> None:
    cleaned = encodable(text)
    assert cleaned.encode().decode() == cleaned
    assert len(cleaned) == len(text)
    assert [new for new, old in zip(cleaned, text, strict=True) if new != old] == ["?"] * sum(
        "\ud800" <= char <= "\udfff" for char in text
    )
    assert encodable_value({text: (text, [text], 1)}) == {cleaned: [cleaned, [cleaned], 1]}


ARGUMENTS = ({"city": "Oslo"}, {"a": 1, "b": 2})


@pytest.mark.parametrize(
    "column",
    [
        [{}, {}],
        [{"a": 1}, {}],
        [{"a": 1}, {"b": 1}, None],
        [[{}], [{"x": {"y": 1}}]],
        [[{"parameters": {"properties": {}}}], [{"parameters": {"properties": {"city": {"type": "string"}}}}]],
        [{"deep": {"a": 1}}, {"deep": {"a": 1, "b": 2}}],
    ],
)  # fmt: skip
@pytest.mark.parametrize("together", [True, False])
def test_objects_come_back_with_the_keys_that_they_came_with(column: list[Any], together: bool, tmp_path: Path) -> None:
    schema = Schema()
    rows = [{"text": "t", "meta": value} for value in column]
    for part in [rows] if together else [[row] for row in rows]:
        schema.learn(part)
    write_parquet(tmp_path / "rows.parquet", rows, schema.columns())
    read = [row["meta"] for _, row in stream(tmp_path / "rows.parquet")]
    assert [json.loads(value) for value in read] == column


def test_objects_of_the_same_keys_stay_objects(tmp_path: Path) -> None:
    schema = Schema()
    rows = [{"meta": {"a": n, "b": {"c": [n]}}} for n in range(3)]
    schema.learn(rows)
    write_parquet(tmp_path / "rows.parquet", rows, schema.columns())
    assert [row for _, row in stream(tmp_path / "rows.parquet")] == rows


@pytest.mark.parametrize("wrapped", [True, False])
def test_arguments_of_tool_calls_stay_those_of_their_call(wrapped: bool, tmp_path: Path) -> None:
    called = [{"name": "f", "arguments": arguments} for arguments in ARGUMENTS]
    calls = [{"id": str(n), "function": call} if wrapped else call for n, call in enumerate(called)]
    rows = [
        {"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "", "tool_calls": [call]}]}
        for call in calls
    ]
    schema = Schema()
    schema.learn(rows)
    write_parquet(tmp_path / "rows.parquet", rows, schema.columns())
    read = [row["messages"][1]["tool_calls"][0] for _, row in stream(tmp_path / "rows.parquet")]
    held = [call["function"] if wrapped else call for call in read]
    assert tuple(json.loads(call["arguments"]) for call in held) == ARGUMENTS
