"""A kind of effect is one row: what its request consists of, and how a person reads it."""

from typing import Any

import pytest

from ledger import KINDS, Effect

CALL = {"id": "1", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}
CHAT: list[dict[str, Any]] = [
    {"role": "user", "content": "What is 1 + 1?"},
    {"role": "assistant", "content": "", "tool_calls": [CALL]},
]
PROGRAM = {"code": "x = 1", "tests": "assert x"}
EFFECTS = [
    Effect("k", "ask", {"messages": CHAT}, {"text": "2"}, 1.0, 9, 4, 0, "math/answer@1"),
    Effect("k", "run", {"program": PROGRAM}, {"verdict": "accepted", "detail": "all passed"}, 0.25),
    Effect("k", "check", {"function": "rules:equal", "values": {"answer": "2", "n": 3}}, {"equal": True}),
    Effect("k", "score", {"scorer": "0123456789abcdef", "messages": CHAT}, {"score": -1.5}),
]
TOLD = {
    "ask": ("asked math/answer@1  (9 + 4 tokens)", ["user", "assistant"], ("answer", "2")),
    "run": ("ran the program: accepted  (0.250 s)", ["program", "tests"], ("detail", "all passed")),
    "check": ('checked with rules:equal: {"equal": true}', ["answer", "n"], ("", "")),
    "score": ("scored by 0123456789ab: -1.5000", ["user", "assistant"], ("", "")),
}


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: str(effect.kind))
def test_an_effect_is_told_by_the_row_of_its_kind(effect: Effect) -> None:
    kind = KINDS[effect.kind]
    inputs = kind.inputs(effect)
    assert (kind.headline(effect), [label for label, _ in inputs], kind.output(effect)) == TOLD[effect.kind]
    assert all(isinstance(text, str) for _, text in inputs)


def test_a_turn_that_only_calls_tools_shows_its_calls() -> None:
    assert KINDS["ask"].inputs(EFFECTS[0])[1][1].startswith('[{"id": "1"')


def test_every_kind_has_a_request_by_which_it_is_named() -> None:
    assert set(KINDS) == set(TOLD)
    assert all(kind.request for kind in KINDS.values())
