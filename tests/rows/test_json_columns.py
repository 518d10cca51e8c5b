"""Parquet as `datasets` writes it where a key is optional: its columns of JSON text are the values they say."""

import json
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from alignment.tokens.reading import read_rows
from cli import app
from rows import open_rows, stream

CALL = {"id": "1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}
DIALOGUE = [
    {"role": "user", "content": "How warm is it?"},
    {"role": "assistant", "content": "", "tool_calls": [CALL]},
    {"role": "tool", "content": "4"},
    {"role": "assistant", "content": "4 degrees."},
]
PLAIN = [{"role": "user", "content": "And now?"}, {"role": "assistant", "content": "Still 4."}]
ROWS: list[Any] = [{"messages": DIALOGUE, "meta": {"a": 1}}, {"messages": PLAIN, "meta": {"b": ["x", None]}}]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """The rows through `datasets`: a list of JSON for the messages, JSON for the meta."""
    from datasets import load_dataset

    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    held = load_dataset(str(tmp_path / "given"), split="train", cache_dir=str(tmp_path / "cache"))
    held.to_parquet(str(tmp_path / "rows.parquet"))
    return tmp_path / "rows.parquet"


def test_objects_come_back_with_the_keys_they_came_with(written: Path) -> None:
    assert any("json" in str(field.type) for field in pyarrow.parquet.read_schema(written))
    assert [row for _, row in stream(written)] == ROWS
    assert [row for _, row in open_rows(written)] == ROWS


def test_the_filter_keeps_messages_as_messages(written: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["filter", str(written), "--out", str(tmp_path / "out"), "--dedup", "none"])
    assert result.exit_code == 0, result.output
    kept = pyarrow.parquet.read_table(tmp_path / "out" / "train-00000.parquet").to_pylist()
    assert [[turn["content"] for turn in row["messages"]] for row in kept] == [
        [turn["content"] for turn in row["messages"]] for row in ROWS
    ]
    assert kept[0]["messages"][1]["tool_calls"] == [CALL]
    assert [json.loads(row["meta"]) for row in kept] == [row["meta"] for row in ROWS]


def test_training_reads_the_messages_and_their_calls(written: Path) -> None:
    (_, first), (_, second) = read_rows(written, ["messages"])
    assert first["messages"][1]["tool_calls"][0]["function"]["name"] == "weather"
    assert second["messages"] == PLAIN


@pytest.mark.parametrize("value", [{"a": {}}, [], "text", 7, None, {"deep": [{"x": 1}, {"y": 2}]}])
def test_any_value_of_json_is_itself_at_any_depth(value: Any, tmp_path: Path) -> None:
    kind = pyarrow.json_()
    text = pyarrow.array([None if value is None else json.dumps(value)])
    column = pyarrow.ExtensionArray.from_storage(kind, text.cast(kind.storage_type))
    lists = pyarrow.ListArray.from_arrays([0, 1], column)
    both = pyarrow.StructArray.from_arrays([lists], names=["inner"])
    pyarrow.parquet.write_table(pyarrow.table({"plain": column, "nested": both}), tmp_path / "x.parquet")
    ((_, row),) = stream(tmp_path / "x.parquet")
    assert row == {"plain": value, "nested": {"inner": [value]}}
