"""A sample comes back from JSON as it went in; older ledgers are read; a field that no sample has is an error."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.sample import accept
from rows import RowsError
from rows.messages import Message, answered
from rows.sample import FIELDS, Sample, sample_of

texts = st.text(max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
calls = st.builds(
    lambda name, number: {
        "id": name,
        "type": "function",
        "function": {"name": name, "arguments": f'{{"n": {number}}}'},
    },
    texts,
    st.integers(),
)
messages = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["system", "user", "assistant", "tool"]), "content": texts},
        optional={"tool_calls": st.lists(calls, max_size=2), "tool_call_id": texts},
    ),
    max_size=3,
)
samples = st.builds(
    Sample,
    **{
        name: {
            "prompt": messages,
            "messages": messages,
            "more_completions": st.lists(texts, max_size=2),
            "more_rejected": st.lists(texts, max_size=2),
            "steps": st.lists(texts, max_size=2),
            "changes": st.none() | st.lists(texts, max_size=2),
            "labels": st.none() | st.lists(st.booleans(), max_size=2),
            "pass_rate": st.none() | st.floats(0, 1),
            "score": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "passed_tests": st.booleans(),
        }.get(name, texts)
        for name in FIELDS
    },
    evidence=st.dictionaries(texts, json_values, max_size=3),
)


@given(samples)
@settings(max_examples=150)
def test_a_sample_comes_back_from_json_as_it_went_in(sample: Sample) -> None:
    assert Sample.from_json(json.loads(json.dumps(sample.to_json()))) == sample


def test_every_field_has_a_reader_and_what_is_as_by_default_is_not_written() -> None:
    assert {field.name for field in fields(Sample)} == {*FIELDS, "evidence"}
    assert Sample().to_json() == {}
    assert Sample(labels=[], problem="p").to_json() == {"problem": "p", "labels": []}


def test_the_flat_form_of_older_ledgers_is_read_and_what_is_no_field_is_evidence() -> None:
    old = {
        "language": "php",
        "prompt": [{"role": "user", "content": "q"}],
        "rejected": None,
        "bug": "x",
        "pass_rate": 1,
    }
    assert Sample.from_json(old) == Sample(
        programming_language="php", prompt=[{"role": "user", "content": "q"}], pass_rate=1.0, evidence={"bug": "x"}
    )


def test_a_misspelt_field_is_an_error_where_it_is_written() -> None:
    misspelt: dict[str, Any] = {"completoin": "x"}
    with pytest.raises(TypeError, match="completoin"):
        Sample(**misspelt)
    with pytest.raises(TypeError, match="completoin"):
        replace(Sample(), **misspelt)
    with pytest.raises(RowsError, match=r'no field "completoin"; did you mean "completion"\?.*evidence=\{"completoin"'):
        sample_of(**misspelt)
    with pytest.raises(RowsError, match='did you mean "programming_language"'):
        sample_of(language="php")


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ("hello", "is of type str"),
        ({"content": "hello"}, "has no role"),
        ({"role": "user", "content": [{"type": "text", "text": "hello"}]}, "has a content of type list"),
        ({"role": "assistant", "content": None}, "has a content of type NoneType"),
        ({"role": "assistant", "content": "", "tool_calls": [{"name": "f"}]}, "calls tools in another form"),
    ],
)
def test_a_message_that_no_data_set_can_hold_is_an_error_where_it_is_accepted(message: Any, fault: str) -> None:
    turns = [{"role": "user", "content": "hello"}, message]
    with pytest.raises(RowsError, match=f"messages: message 1 {fault}; a message is"):
        accept(problem="p", messages=turns)
    with pytest.raises(RowsError, match=f"prompt: message 1 {fault}"):
        accept(Sample(prompt=turns))
    call = {"id": "", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    assert accept(messages=[{"role": "assistant", "content": None, "tool_calls": [call]}]).accepted


def test_evidence_grows_and_a_sample_stays_what_it_was() -> None:
    sample = Sample(evidence={"a": 1})
    assert sample.with_evidence(b=2).evidence == {"a": 1, "b": 2}
    assert sample.evidence == {"a": 1}
    prompt: list[Message] = [{"role": "user", "content": "q"}]
    assert answered(prompt, "a")[1:] == [{"role": "assistant", "content": "a"}] and len(prompt) == 1
