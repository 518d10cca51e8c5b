"""A chat message, as the chat templates, OpenAI's interface and the trainers know it; every room takes it from here."""

import json
from collections.abc import Sequence
from typing import Any, Literal, NotRequired, TypedDict

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
