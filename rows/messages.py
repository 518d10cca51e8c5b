"""A chat message, as the chat templates, OpenAI's interface and the trainers know it; every room takes it from here."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from rows.limits import json_of

Role = Literal["system", "user", "assistant", "tool"]


class Function(TypedDict):
    """Which tool is called, and with what."""

    name: str
    arguments: str
    """A JSON object as text, as it is sent: a column of them then has one type, whatever the tools take."""


class ToolCall(TypedDict):
    """One call that an assistant's turn makes."""

    id: str
    """What the tool's answer names as its `tool_call_id`."""
    type: Literal["function"]
    function: Function


class Message(TypedDict):
    """One turn of a conversation."""

    role: Role
    content: str
    """Empty where an assistant's turn does nothing but call tools."""
    tool_calls: NotRequired[list[ToolCall]]
    """Of an assistant's turn."""
    tool_call_id: NotRequired[str]
    """Of a tool's turn: the call that it answers."""


def answered(prompt: Sequence[Message], answer: str) -> list[Message]:
    """The conversation of a prompt and the assistant's answer to it."""
    return [*prompt, {"role": "assistant", "content": answer}]


TALKS = ("messages", "conversations", "conversation")
"""What data sets call the column of a conversation: OpenAI's and TRL's name, ShareGPT's, those of logs (WildChat, LMSYS)."""
SPEAKERS: dict[str, Role] = {
    **{"system": "system", "human": "user", "user": "user", "observation": "tool", "tool": "tool"},
    **dict.fromkeys(("gpt", "assistant", "chatgpt", "bing", "bard", "function_call"), "assistant"),
}
"""Whose turn it is, in ShareGPT's words."""


def of_sharegpt(turn: Mapping[str, Any]) -> Mapping[str, Any]:
    """A turn under the names that a `Message` has, where it has ShareGPT's (`from`, `value`); any other as it is."""
    if turn.get("role") is not None or not isinstance(turn.get("from"), str):
        return turn
    return {"role": SPEAKERS.get(turn["from"], turn["from"]), "content": turn.get("value")}


def talk_of(value: Any) -> Any:
    """The conversation that stands as JSON text, as in what a filter kept of turns that no one column holds; all else as it is. A list
    of whatever else has a `role` or a `from` is the answer that it looks like.
    """
    if not isinstance(value, str) or not value.startswith('[{"'):
        return value
    try:
        found = json_of(value)
    except ValueError:
        return value
    return found if all(isinstance(turn, dict) and _is_turn(turn) for turn in found) else value


def _is_turn(turn: Mapping[str, Any]) -> bool:
    if isinstance(turn.get("role"), str):
        return "content" in turn or "tool_calls" in turn
    speaker = turn.get("from")
    return isinstance(speaker, str) and speaker in SPEAKERS and isinstance(turn.get("value"), str)


def called_by_text(row: dict[str, Any]) -> dict[str, Any]:
    """The row with the arguments of its messages' tool calls as JSON text, as a `Message` has them: as objects, a column of
    them would give every call the arguments of all others, as null.
    """
    changed = {name: [_called(turn) for turn in value] for name, value in row.items() if _calls_by_object(value)}
    return {**row, **changed} if changed else row


def _calls_by_object(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(turn, dict) and turn.get("tool_calls") for turn in value)


def _called(turn: Any) -> Any:
    if not isinstance(turn, dict) or not isinstance(turn.get("tool_calls"), list):
        return turn
    return {**turn, "tool_calls": [_argued(call) for call in turn["tool_calls"]]}


def _argued(call: Any) -> Any:
    holder = call.get("function", call) if isinstance(call, dict) else None
    if not isinstance(holder, dict) or not isinstance(holder.get("arguments"), dict):
        return call
    told = {**holder, "arguments": json.dumps(holder["arguments"], ensure_ascii=False)}
    return {**call, "function": told} if "function" in call else told
