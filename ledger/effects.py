"""An effect is one costly call to the world, named by everything that can change its answer. `KINDS` has a row a kind."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["ask", "run", "check", "score"]


def content_key(kind: Kind, request: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON of `request`: equal requests share a key, whatever their field order."""
    canonical = json.dumps([kind, request], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Effect:
    """One recorded call: what was asked, what came back, what it cost."""

    key: str
    kind: Kind
    request: dict[str, Any]
    """All that can change the answer, by the names that the kind's row in `KINDS` has."""
    result: dict[str, Any]
    seconds: float = 0.0
    prompt_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    """Prompt tokens that the engine's prefix cache served."""
    template: str = ""
    """`name@hash` of the prompt template, for `ask` effects."""


@dataclass(frozen=True)
class EffectKind:
    """What a kind's request consists of, and how a person reads an effect of it."""

    request: tuple[str, ...]
    headline: Callable[[Effect], str]
    """One line: what was done, and what came of it or what it cost."""
    inputs: Callable[[Effect], list[tuple[str, str]]]
    """(label, text) of what went in, in order."""
    output: Callable[[Effect], tuple[str, str]]
    """(label, text) of what came out, as far as the headline does not say it."""


def _asked(effect: Effect) -> str:
    reason = effect.result.get("finish_reason", "stop")
    stopped = "" if reason in ("stop", "length") else f"; stopped while it was written: {reason}"
    return f"asked {effect.template}  ({effect.prompt_tokens} + {effect.output_tokens} tokens{stopped})"


def _ran(effect: Effect) -> str:
    return f"ran the program: {effect.result['verdict']}  ({effect.seconds:.3f} s)"


def _checked(effect: Effect) -> str:
    return f"checked with {effect.request['function']}: {json.dumps(effect.result)}"


def _scored(effect: Effect) -> str:
    return f"scored by {effect.request['scorer'][:12]}: {effect.result['score']:.4f}"


def _conversation(effect: Effect) -> list[tuple[str, str]]:
    return [(message["role"], _turn(message)) for message in effect.request["messages"]]


def _turn(message: dict[str, Any]) -> str:
    calls = message.get("tool_calls")
    return f"{message['content']}\n{json.dumps(calls)}".strip() if calls else str(message["content"])


def _program(effect: Effect) -> list[tuple[str, str]]:
    program = effect.request["program"]
    return [("program", program["code"]), ("tests", program["tests"])]


def _values(effect: Effect) -> list[tuple[str, str]]:
    values = effect.request["values"]
    return [(name, value if isinstance(value, str) else json.dumps(value)) for name, value in values.items()]


KINDS: dict[Kind, EffectKind] = {
    "ask": EffectKind(
        ("checkpoint", "messages", "sampling", "sample"),
        _asked,
        _conversation,
        lambda effect: ("answer", effect.result["text"]),
    ),
    "run": EffectKind(
        ("program", "limits", "sandbox"),
        _ran,
        _program,
        lambda effect: ("detail", effect.result.get("detail", "")),
    ),
    "check": EffectKind(("function", "values", "version"), _checked, _values, lambda effect: ("", "")),
    "score": EffectKind(("scorer", "messages"), _scored, _conversation, lambda effect: ("", "")),
}
"""A completion of the checkpoint (and `cuts`, where it may have been stopped while it was written); a program in the sandbox; a function of ours on hostile text in a worker process; what a
scorer (`serving.engine.Scorer`) says of a conversation.
"""
