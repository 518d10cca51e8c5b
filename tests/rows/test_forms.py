"""Every form of row is read as what is asked and what is learned."""

import json
from typing import Any

import pytest

from rows.forms import Text, is_left_unanswered, read


def test_every_form_is_read_as_what_is_asked_and_what_is_learned() -> None:
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    assert read({"messages": turns}) == Text("a", "b")
    assert read({"prompt": "a", "completion": "b", "finish_reason": "length"}) == Text("a", "b", "", "length")
    assert read(
        {"prompt": turns[:1], "chosen": turns[1:], "rejected": [{"role": "assistant", "content": "c"}]}
    ) == Text("a", "b", "c")
    pair = {"prompt": "a", "chosen": turns, "rejected": [turns[0], {"role": "assistant", "content": "c"}]}
    assert read({"messages": turns, **pair}) == read(pair) == Text("a", "b", "c")
    assert read({"messages": [*turns, *turns]}) == Text("a\n\na", "b\n\nb", answers=("b", "b"))
    assert read({"prompt": "a\r\nb", "completion": [{"role": "assistant", "content": "c\r\n"}]}) == Text("a\nb", "c\n")
    assert read({"conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}]}) == Text("a", "b")
    assert read({"instruction": "a", "input": "x", "output": "b", "text": "### Response:"}) == Text("a\n\nx", "b")
    alpaca = {"instruction": "a", "input": "", "output": "b", "system": "s", "history": [["h", "i"]]}
    assert read(alpaca) == Text("s\n\nh\n\ni\n\na", "b", system="s")
    assert read({"text": "b"}) == Text("", "b")
    assert read({"text": "b", "quality": "high", "difficulty": 2}) == Text("", "b", priority=6)
    assert read(
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image"}]}]}
    ) == Text("a", "")
    for odd in (
        None,
        3,
        "x",
        [],
        {},
        {"prompt": "a"},
        {"messages": []},
        {"text": None},
        {"messages": 5},
        {"prompt": 1, "completion": 2},
    ):
        assert read(odd) is None


@pytest.mark.parametrize(
    "turns",
    [
        [{"role": "user", "content": [{"type": "text", "text": "a"}]}, {"role": "assistant", "content": "b"}],
        [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b", "weight": 1}],
    ],
)
def test_a_conversation_that_a_filter_left_as_json_text_is_read_as_one(turns: list[Any]) -> None:
    assert read({"conversations": json.dumps(turns)}) == Text("a", "b")
    asked = json.dumps([{"role": "user", "content": "a"}])
    assert is_left_unanswered({"messages": asked}) and not is_left_unanswered({"messages": json.dumps(turns[1:])})


@pytest.mark.parametrize(
    "answer", ['[{"role": "admin", "name": "Bob"}]', '[{"from": "a", "to": "b"}]', '[{"from": ["a"], "value": "b"}]']
)
def test_an_answer_that_is_json_with_roles_is_no_conversation(answer: str) -> None:
    assert read({"prompt": "a", "completion": answer}) == Text("a", answer)
