"""A chat message, as the chat templates, OpenAI's interface and the trainers know it; every room takes it from here."""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

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
