"""Calls for a program that brings no tests: its own text tells what it takes, and where that says too little, the checkpoint."""

from typing import Any

from generators.lab import Lab
from sandbox.languages.dialects import dialect_of
from verification.calls import calls_for
from verification.differential import Call


async def calls_to_ask(
    lab: Lab, code: str, entry_point: str, *, about: str, at_most: int, fewest: int, propose: bool
) -> list[Call]:
    """Calls for a program without tests. Where its docstring, signature and what it does with its arguments say too little and
    `propose` is set, the checkpoint's assertions about it are searched for arguments; what they expect is not believed.
    """
    calls = calls_for(code, entry_point, "", at_most=at_most)
    if len(calls) >= fewest or not propose:
        return calls
    words: dict[str, Any] = {"problem": about, "code": code, "entry_point": entry_point}
    reply = await lab.ask("code/tests", **words, dialect=dialect_of("python").as_values())
    return calls_for(code, entry_point, "", proposed=reply.text, at_most=at_most)
