"""Columns follow from the annotations of a row's type; what no row uses is no column."""

from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import pyarrow as pa
import pytest

from alignment.data.pairs import PreferenceRow
from alignment.data.sets import SftRow, StepwiseRow
from rows.arrow import schema_of
from rows.messages import Message

TEXT = pa.string()
PLAIN = pa.list_(pa.struct([("role", TEXT), ("content", TEXT)]))


def test_the_data_sets_have_the_columns_that_trainers_know() -> None:
    names = ("problem_id", "stage", "row", "run")
    assert schema_of(SftRow, []) == pa.schema([("messages", PLAIN), *((name, TEXT) for name in names)])
    pair = [(name, PLAIN) for name in ("prompt", "chosen", "rejected")]
    assert schema_of(PreferenceRow, []) == pa.schema(
        [*pair, *((n, TEXT) for n in ("problem_id", "row", "rejected_row", "run"))]
    )
    steps = [("completions", pa.list_(TEXT)), ("labels", pa.list_(pa.bool_()))]
    assert schema_of(StepwiseRow, []) == pa.schema(
        [*((n, TEXT) for n in ("prompt", "problem_id", "row", "run")), *steps]
    )


def test_tool_calls_are_a_column_where_a_row_has_any() -> None:
    call: Message = {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
    }
    user: Message = {"role": "user", "content": "q"}
    rows: list[Any] = [{"messages": [user]}, {"messages": [user, call]}]
    message = schema_of(SftRow, rows).field("messages").type.value_type
    function = pa.struct([("name", TEXT), ("arguments", TEXT)])
    calls = pa.list_(pa.struct([("id", TEXT), ("type", TEXT), ("function", function)]))
    assert message == pa.struct([("role", TEXT), ("content", TEXT), ("tool_calls", calls)])
    assert schema_of(SftRow, rows[:1]).field("messages").type == PLAIN


def test_dataclasses_numbers_and_optional_values_have_types_and_a_set_has_none() -> None:
    @dataclass(frozen=True)
    class Point:
        x: int
        y: float | None

    class Row(TypedDict):
        at: Point
        tags: NotRequired[list[str]]
        seen: bool

    assert schema_of(Row, []) == pa.schema(
        [("at", pa.struct([("x", pa.int64()), ("y", pa.float64())])), ("seen", pa.bool_())]
    )

    class Bad(TypedDict):
        words: set[str]

    with pytest.raises(TypeError, match="no Arrow type"):
        schema_of(Bad, [])
