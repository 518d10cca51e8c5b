"""Conversations with tools in each form that other trainers read, or left out of it with a count."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from huggingface_hub import RepoUrl

from alignment.data.sets import SftRow
from alignment.errors import AlignmentError
from alignment.tokens.reading import messages_of
from rows.arrow import schema_of
from rows.formats import FORMATS, Converted, alpaca, convert, push
from rows.messages import Message, ToolCall
from rows.readers import RowsError

CALLS: list[ToolCall] = [
    {"id": "a", "type": "function", "function": {"name": "add", "arguments": '{"x": 1}'}},
    {"id": "b", "type": "function", "function": {"name": "now", "arguments": "{}"}},
]
QUESTION: Message = {"role": "user", "content": "q"}
ANSWER: Message = {"role": "assistant", "content": "it is 2"}


def dialogue(calls: list[ToolCall], said: str = "") -> list[Message]:
    answers: list[Message] = [
        {"role": "tool", "content": f"r{call['id']}", "tool_call_id": call["id"]} for call in calls
    ]
    return [QUESTION, {"role": "assistant", "content": said, "tool_calls": calls}, *answers, ANSWER]


def test_sharegpt_says_calls_and_what_came_of_them_as_its_readers_expect() -> None:
    assert FORMATS["sharegpt"](dialogue(CALLS[:1])) == {
        "conversations": [
            {"from": "human", "value": "q"},
            {"from": "function_call", "value": '{"name": "add", "arguments": {"x": 1}}'},
            {"from": "observation", "value": "ra"},
            {"from": "gpt", "value": "it is 2"},
        ]
    }
    several = FORMATS["sharegpt"](dialogue(CALLS))
    assert several is not None
    asked, seen = several["conversations"][1:3]
    assert [call["name"] for call in json.loads(asked["value"])] == ["add", "now"]
    assert seen == {"from": "observation", "value": "ra\nrb"}  # questions and answers take turns there


def test_in_sharegpt_questions_and_answers_take_turns_or_the_conversation_is_left_out() -> None:
    system: Message = {"role": "system", "content": "s"}
    made = FORMATS["sharegpt"]([system, system, QUESTION, QUESTION, ANSWER, ANSWER])
    assert made == {
        "conversations": [
            {"from": "system", "value": "s\ns"},
            {"from": "human", "value": "q\n\nq"},
            {"from": "gpt", "value": "it is 2\n\nit is 2"},
        ]
    }
    first_answers = FORMATS["sharegpt"]([ANSWER, QUESTION, ANSWER])
    in_the_middle = FORMATS["sharegpt"]([QUESTION, ANSWER, system, QUESTION, ANSWER])
    in_an_answers_place = FORMATS["sharegpt"]([QUESTION, system, QUESTION, ANSWER])
    speaks_then_calls = FORMATS["sharegpt"]([QUESTION, ANSWER, *dialogue(CALLS[:1])[1:]])
    assert (first_answers, in_the_middle, in_an_answers_place, speaks_then_calls) == (None, None, None, None)


def test_what_a_form_cannot_say_is_left_out() -> None:
    assert FORMATS["alpaca"](dialogue(CALLS)) is None
    assert FORMATS["sharegpt"](dialogue(CALLS, said="Let me see.")) is None
    broken: ToolCall = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{"}}
    assert FORMATS["sharegpt"](dialogue([broken])) is None


@pytest.mark.parametrize(("form", "rows"), [("messages", 2), ("prompt-completion", 2), ("sharegpt", 2), ("alpaca", 1)])
def test_a_run_with_tool_calls_is_converted_and_what_is_left_out_is_counted(
    form: str, rows: int, tmp_path: Path
) -> None:
    import pyarrow as pa

    kept: list[Any] = [
        {"messages": turns, "problem_id": "p", "stage": "s", "row": f"s#{number}"}
        for number, turns in enumerate(([QUESTION, ANSWER], dialogue(CALLS), [QUESTION]))
    ]
    (tmp_path / "data" / "sft").mkdir(parents=True)
    parquet.write_table(
        pa.Table.from_pylist(kept, schema=schema_of(SftRow, kept)), tmp_path / "data" / "sft" / "train-00000.parquet"
    )
    assert convert(tmp_path, form, tmp_path / "out.jsonl") == Converted(rows, 3 - rows)
    written = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert written[0]["row"] == "s#0"
    assert "null" not in (tmp_path / "out.jsonl").read_text()
    if form == "messages":
        assert written[1]["messages"] == dialogue(CALLS)


def test_what_a_filter_left_is_converted_with_the_number_of_each_row_and_pushed_without_what_it_dropped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Any] = [{"messages": talk, "source_row": n} for n, talk in ((1, [QUESTION, ANSWER]), (4, [QUESTION]))]
    parquet.write_table(pa.Table.from_pylist(kept), tmp_path / "train-00000.parquet")
    assert convert(tmp_path, "messages", tmp_path / "out.jsonl") == Converted(1, 1)
    assert json.loads((tmp_path / "out.jsonl").read_text()) == {"messages": [QUESTION, ANSWER], "source_row": 1}
    asked: list[Any] = []
    monkeypatch.setattr("huggingface_hub.HfApi.create_repo", lambda *_, **__: RepoUrl("https://huggingface.co/me/x"))
    monkeypatch.setattr("huggingface_hub.HfApi.upload_folder", lambda *_, **named: asked.append(named))
    push(tmp_path, "x")
    assert asked[0]["allow_patterns"] == ["train*.parquet", "README.md"]


@pytest.mark.parametrize("cell", [None, "text", [], [None], [{"role": "user"}], [{"role": 3, "content": "a"}, ANSWER]])
def test_a_cell_that_is_no_conversation_is_left_out_and_counted(cell: Any, tmp_path: Path) -> None:
    lines = [json.dumps({"messages": cell}), json.dumps({"messages": [QUESTION, ANSWER]})]
    source = tmp_path / "rows.jsonl"
    source.write_text("\n".join(lines))
    from curation import pipeline

    @contextmanager
    def unwatched(step: str, total: int) -> Iterator[Callable[[int], None]]:
        yield lambda done: None

    pipeline.run(pipeline.Settings(source, tmp_path / "clean", (), ()), unwatched)
    found = [convert(tmp_path / "clean", form, tmp_path / form) for form in FORMATS]
    assert all(one.rows == 1 for one in found), found


def test_a_data_set_without_conversations_is_refused_with_the_columns_that_it_has(tmp_path: Path) -> None:
    parquet.write_table(pa.Table.from_pylist([{"text": "a"}]), tmp_path / "train-00000.parquet")
    with pytest.raises(RowsError, match=r"no column messages.*it has text"):
        convert(tmp_path, "messages", tmp_path / "out.jsonl")


def test_a_trainer_reads_tool_calls_and_refuses_arguments_that_are_no_json_object() -> None:
    absent = {"tool_calls": None, "tool_call_id": None}
    assert messages_of([{**absent, **turn} for turn in dialogue(CALLS)], "x") == dialogue(CALLS)
    wrong = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "[]"}}
    with pytest.raises(AlignmentError, match="a JSON object as text"):
        messages_of([QUESTION, {"role": "assistant", "content": "", "tool_calls": [wrong]}], "x")


def turns(*said: str) -> list[Message]:
    """`user hello` and so on."""
    pairs = [text.partition(" ") for text in said]
    return [{"role": role, "content": content} for role, _, content in pairs]  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("said", "history", "instruction"),
    [
        (("user first", "user second", "assistant one", "user third", "assistant two"), [["first\n\nsecond", "one"]], "third"),
        (("user a", "assistant b", "assistant c", "user d", "assistant e"), [["a", "b\n\nc"]], "d"),
        (("assistant hello", "user a", "assistant b"), [["", "hello"]], "a"),
        (("system s", "user a", "assistant b"), [], "a"),
    ],
)  # fmt: skip
def test_alpaca_loses_no_turn(said: tuple[str, ...], history: list[list[str]], instruction: str) -> None:
    made = alpaca(turns(*said))
    assert made
    assert (made["history"], made["instruction"]) == (history, instruction)


def test_arguments_nested_too_deep_are_no_arguments() -> None:
    call: ToolCall = {"id": "a", "type": "function", "function": {"name": "f", "arguments": '{"a":' * 50_000}}
    assert FORMATS["sharegpt"](dialogue([call])) is None
    with pytest.raises(AlignmentError, match="a JSON object as text"):
        messages_of(dialogue([call]), "row 0")


def test_alpaca_has_no_word_for_a_system_turn_in_the_middle() -> None:
    assert alpaca(turns("user a", "assistant b", "system s", "user c", "assistant d")) is None


def test_a_role_that_is_none_of_ours_is_left_out_of_every_form_and_counted(tmp_path: Path) -> None:
    data = tmp_path / "data" / "sft"
    data.mkdir(parents=True)
    rows = [
        {"messages": turns("developer Be brief.", "user a", "assistant b"), "row": "x#0"},
        {"messages": turns("user a", "assistant b"), "row": "x#1"},
    ]
    parquet.write_table(pa.Table.from_pylist(rows), data / "train-00000.parquet")
    for form in FORMATS:
        found = convert(tmp_path, form, tmp_path / f"{form}.jsonl")
        assert (found.rows, found.left_out) == (1, 1)
    assert not list(tmp_path.glob("*.writing"))


def test_a_turn_that_only_calls_may_have_null_for_its_text(tmp_path: Path) -> None:
    turns = dialogue(CALLS[:1])
    turns[1]["content"] = None  # type: ignore[typeddict-item]
    row = {"messages": turns, "problem_id": "", "stage": "own/x", "row": "own/x#0", "run": ""}
    folder = tmp_path / "data" / "sft"
    folder.mkdir(parents=True)
    parquet.write_table(pa.Table.from_pylist([row], schema=schema_of(SftRow, [row])), folder / "train-00000.parquet")
    assert [convert(tmp_path, form, tmp_path / form) for form in ("messages", "sharegpt")] == [Converted(1, 0)] * 2
    assert json.loads((tmp_path / "messages").read_text())["messages"][1]["content"] == ""


def test_a_data_set_pushed_without_an_owner_is_uploaded_under_the_name_that_it_got(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploaded: list[str] = []

    class Api:
        def create_repo(self, name: str, **_: Any) -> RepoUrl:
            return RepoUrl(f"https://huggingface.co/datasets/me/{name}")

        def upload_folder(self, *, repo_id: str, **_: Any) -> None:
            uploaded.append(repo_id)

    monkeypatch.setattr("huggingface_hub.HfApi", Api)
    assert push(tmp_path, "my-data").endswith("/me/my-data")
    assert uploaded == ["me/my-data"]
