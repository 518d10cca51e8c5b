"""Which rows training takes, which it leaves out and counts, and which it refuses with their number."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_trainings import CHECKPOINT, TOKENIZER_FILES, assistant, ignore, json_lines, needs_checkpoint, parquet, user

from alignment import AlignmentError
from alignment.job import open_job, template_identity
from alignment.tokens.conversations import DropRow, Format, encode, encode_rows, load_format
from alignment.tokens.reading import messages_of, read_rows
from alignment.trainings.dpo import encode_pair
from alignment.trainings.ppo.problems import fitting, requests
from alignment.trainings.reward import ranked
from alignment.trainings.sft import conversations_of, train_sft
from recipes.trainings import SFT, Distill
from rows.messages import Message

pytestmark = [needs_checkpoint, pytest.mark.usefixtures("one_core")]

ALTERNATING = """{%- for m in messages -%}
{%- if (m['role'] == 'user') != (loop.index0 % 2 == 0) -%}{{ raise_exception('turns must alternate') }}{%- endif -%}
{{- '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"""
SYSTEM: Message = {"role": "system", "content": "Be brief."}
RIGHT: list[Message] = [user("one"), assistant("1")]


def placed(*rows: Any) -> list[tuple[str, Any]]:
    """Rows as they are read."""
    return [(f"rows.jsonl:{number}", row) for number, row in enumerate(rows, 1)]


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Format:
    """A template that refuses two turns of one side in a row."""
    folder = tmp_path_factory.mktemp("strict")
    for name in TOKENIZER_FILES:
        shutil.copy(CHECKPOINT / name, folder)
    (folder / "chat_template.jinja").write_text(ALTERNATING)
    return load_format(folder)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ([user("two"), user("three"), assistant("3")], "the chat template refuses the conversation: turns must alternate"),
        ([SYSTEM, *RIGHT], "the chat template refuses the conversation"),
        ([user("two")], "has no assistant turn to learn from"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_rendered_is_named_by_its_place(strict: Format, row: list[Message], why: str) -> None:
    with pytest.raises(AlignmentError, match=f"rows.jsonl:2: .*{why}"):
        encode_rows(placed(RIGHT, row), lambda messages: [encode(strict, messages)], 100)


def test_training_says_the_row_in_one_line(tiny: Path, tmp_path: Path) -> None:
    start = tmp_path / "start"
    shutil.copytree(tiny, start)
    (start / "chat_template.jinja").write_text(ALTERNATING)
    data = parquet(
        tmp_path / "rows.parquet", [{"messages": RIGHT}, {"messages": [user("a"), user("b"), assistant("c")]}]
    )
    with pytest.raises(AlignmentError) as refused:
        train_sft(start, data, tmp_path / "out", SFT(epochs=1), on_progress=ignore)
    assert "rows.parquet, row 2: " in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_checkpoint_whose_chat_template_was_changed_since_its_training_is_refused(
    tiny: Path, sft_data: Path, tmp_path: Path
) -> None:
    start = tmp_path / "start"
    shutil.copytree(tiny, start)
    (start / "training.json").write_text(json.dumps({"template": template_identity(start)}))
    open_job("sft", start, sft_data, tmp_path / "same", SFT(), None)
    (start / "chat_template.jinja").write_text(ALTERNATING)
    with pytest.raises(AlignmentError, match=r"trained with another chat template .* put the other back"):
        open_job("sft", start, sft_data, tmp_path / "other", SFT(), None)
    assert not (tmp_path / "other").exists()
    (start / "training.json").unlink()
    open_job("sft", start, sft_data, tmp_path / "other", SFT(), None)


def test_a_template_is_the_same_in_a_file_of_its_own_and_among_the_tokenizers_settings(tmp_path: Path) -> None:
    for name in ("file", "settings", "none"):
        (tmp_path / name).mkdir()
    (tmp_path / "file/chat_template.jinja").write_text(ALTERNATING)
    (tmp_path / "settings/tokenizer_config.json").write_text(json.dumps({"chat_template": ALTERNATING}))
    assert template_identity(tmp_path / "file") == template_identity(tmp_path / "settings") != ""
    assert template_identity(tmp_path / "none") == ""


@pytest.mark.parametrize("answer", ["", "  \n"])
def test_an_empty_answer_is_left_out_and_counted(form: Format, answer: str) -> None:
    kept, dropped = encode_rows(placed(RIGHT, [user("a"), assistant(answer)]), lambda m: [encode(form, m)], 100)
    assert (len(kept), dropped) == (1, {"empty_answer": 1})


def test_a_turn_that_only_calls_needs_no_content() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "now", "arguments": "{}"}}
    read = messages_of([user("q"), {"role": "assistant", "content": None, "tool_calls": [call]}], "rows.parquet row 0")
    assert (read[1]["content"], read[1]["tool_calls"]) == ("", [call])
    with pytest.raises(AlignmentError, match="message 0 needs text fields"):
        messages_of([{"role": "assistant", "content": None}], "rows.parquet row 0")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"reasoning_content": "Let me see."}, "message 1 says something in 'reasoning_content', of which nothing would be learned"),
        ({"function_call": {"name": "now", "arguments": "{}"}}, "message 1 says something in 'function_call'"),
        ({"weight": 0}, "message 1 has the weight 0, and every answer of a conversation is learned"),
    ],
)  # fmt: skip
def test_what_a_turn_says_beside_its_text_is_not_left_out_without_a_word(said: dict[str, Any], why: str) -> None:
    with pytest.raises(AlignmentError, match=f"rows.jsonl:1: {why}"):
        messages_of([user("one"), {**assistant("1"), **said}], "rows.jsonl:1")
    if "weight" in said:  # of what no training learns
        assert messages_of([{**user("one"), **said}, assistant("1")], "rows.jsonl:1") == RIGHT
        assert messages_of([user("one"), {**assistant("1"), **said}], "rows.jsonl:1", learned=False) == RIGHT
    nothing = {**dict.fromkeys(said), "weight": 1}
    assert messages_of([user("one"), {**assistant("1"), **nothing}], "rows.jsonl:1") == RIGHT


@pytest.mark.parametrize("tools", [[{"type": "function", "function": {"name": "now"}}], '[{"name": "now"}]'])
def test_a_row_whose_tools_the_prompt_would_not_show_is_left_out_and_counted(
    form: Format, tmp_path: Path, tools: Any
) -> None:
    plain = [{"messages": RIGHT, "tools": none} for none in (None, [], "[]", "null", "")]
    data = json_lines(tmp_path / "rows.jsonl", [*plain, {"messages": RIGHT, "tools": tools}])
    kept, dropped = conversations_of(form, data, SFT())
    assert (len(kept), dropped) == (len(plain), {"tools": 1})
    tasks, dropped = fitting(form, requests(data), Distill())
    assert (len(tasks), dropped) == (1, {"tools": 1})
    pair = {"prompt": [ASK], "chosen": [YES], "rejected": [NO], "tools": True}
    for refused in (lambda: encode_pair(form, pair), lambda: ranked(form, pair, 0.95)):
        with pytest.raises(DropRow, match="tools"):
            refused()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{oops", "not JSON: "),
        ("[1]", "not an object"),
        ("{}", "no messages; it has nothing"),
        ('{"messages": []}', "messages: expected a list of messages, .* got an empty list"),
        ('{"messages": [{"role": "user", "content": NaN}]}', "messages: message 0 needs text fields"),
        (
            '{"messages": [{"role": "gpt", "content": "a"}]}',
            "messages: message 0 has the role 'gpt'; roles are system,",
        ),
    ],
)
def test_what_is_no_row_is_named_by_file_and_line_an_empty_line_before_it_counted(
    line: str, why: str, tmp_path: Path
) -> None:
    data = tmp_path / "my rows.jsonl"
    data.write_text(json.dumps({"messages": RIGHT}) + "\n\n" + line + "\n")
    with pytest.raises(AlignmentError, match=f"my rows.jsonl:3: {why}"):
        read_rows(data, ["messages"])


def test_half_a_character_that_json_can_say_and_no_tokenizer_can_read_is_a_question_mark(tmp_path: Path) -> None:
    data = tmp_path / "rows.jsonl"
    data.write_text(r'{"messages": [{"role": "user", "content": "a\ud83d"}, {"role": "assistant", "content": "b"}]}')
    ((_, row),) = read_rows(data, ["messages"])
    assert row["messages"] == [user("a?"), assistant("b")]


def test_rows_left_out_are_named_by_reason_the_first_three_of_each(form: Format, caplog: Any) -> None:
    long, empty = [user("a"), assistant("b " * 200)], [user("a"), assistant(" ")]
    rows = placed(RIGHT, long, empty, long, long, long)
    _, dropped = encode_rows(rows, lambda m: [encode(form, m)], 100)
    assert dropped == {"too_long": 4, "empty_answer": 1}
    (told,) = (record.getMessage() for record in caplog.records)
    assert told == (
        "left out: 1 empty_answer (rows.jsonl:3); 4 too_long (rows.jsonl:2, rows.jsonl:4, rows.jsonl:5, ...)"
    )


def test_a_row_for_which_the_checkpoint_has_no_positions_is_left_out_however_long_rows_may_be(form: Format) -> None:
    short = replace(form, positions=40)
    kept, dropped = encode_rows(
        placed(RIGHT, [user("a"), assistant("b " * 200)]), lambda m: [encode(short, m)], max_length=5000
    )
    assert (len(kept), dropped) == (1, {"longer_than_context": 1})


def test_a_request_that_asks_nothing_is_refused_and_one_with_tools_is_left_out_and_counted(
    form: Format, tmp_path: Path
) -> None:
    tool: Message = {"role": "tool", "content": "3"}
    data = tmp_path / "rows.jsonl"
    data.write_text("".join(json.dumps(row) + "\n" for row in ({"prompt": "Why?"}, {"messages": [*RIGHT, tool, ASK]})))
    tasks, dropped = fitting(form, requests(data), Distill())
    assert ([task.name for task in tasks], dropped) == ([f"{data}:1"], {"tools": 1})
    with data.open("a") as file:
        file.write('{"answer": "b"}\n')
    with pytest.raises(AlignmentError, match=r"rows\.jsonl:3: no text under .* it has answer; mend the row"):
        list(requests(data))


def test_a_template_without_a_terminator_is_the_checkpoints_fault_and_no_rows(tmp_path: Path) -> None:
    for name in TOKENIZER_FILES:
        shutil.copy(CHECKPOINT / name, tmp_path)
    (tmp_path / "chat_template.jinja").write_text(
        "{% for m in messages %}{{ m['role'] + ': ' + m['content'] }}{% endfor %}"
    )
    with pytest.raises(
        AlignmentError, match=r"^the checkpoint's format, at rows\.jsonl:1: .*set eos_token_id"
    ) as refused:
        encode_rows(placed(RIGHT), lambda messages: [encode(load_format(tmp_path), messages)], 100)
    assert "mend the row" not in str(refused.value)


ASK = user("Say yes.")
YES, NO = assistant("yes"), assistant("no")


def test_answers_that_hold_the_prompt_are_the_same_pair(form: Format) -> None:
    plain = encode_pair(form, {"prompt": [ASK], "chosen": [YES], "rejected": [NO]})
    assert encode_pair(form, {"prompt": [ASK], "chosen": [ASK, YES], "rejected": [ASK, NO]}) == plain
    assert encode_pair(form, {"prompt": [ASK], "chosen": [ASK, YES], "rejected": [NO]}) == plain
    assert form.tokenizer.decode(plain[0].input_ids).count("Say yes.") == 1


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"chosen": [user("Say no."), YES]}, "`chosen` is no answer to the prompt: its turns are user, assistant"),
        ({"chosen": [YES, user("Thanks.")]}, "`chosen` is no answer to the prompt: its turns are assistant, user"),
        ({"rejected": [ASK, ASK, YES]}, "`rejected` holds the prompt twice; mend the row or take it out"),
        ({"rejected": [ASK]}, "`rejected` is no answer to the prompt"),
        ({"prompt": [ASK, YES]}, "its prompt ends with an assistant's turn"),
    ],
)
def test_what_is_no_question_with_two_answers_is_refused(form: Format, changed: dict[str, Any], why: str) -> None:
    row = {"prompt": [ASK], "chosen": [YES], "rejected": [NO], **changed}
    with pytest.raises(AlignmentError, match=f"rows.jsonl:1: {why}"):
        encode_rows(placed(row), lambda pair: encode_pair(form, pair), 100)


def test_a_pair_of_two_equal_answers_is_left_out(form: Format) -> None:
    with pytest.raises(DropRow, match="identical"):
        encode_pair(form, {"prompt": [ASK], "chosen": [YES], "rejected": [YES]})
