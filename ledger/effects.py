"""An effect is one costly call to the world (a completion, a sandbox run, a check of an answer), named by everything that
can change its answer.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["ask", "run", "check"]


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
    """All that can change the answer; an `ask` also carries the template's name and hash under `template`, outside the key."""
    result: dict[str, Any]
    seconds: float = 0.0
    prompt_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    """Prompt tokens that the engine's prefix cache served."""
    template: str = ""
    """`name@hash` of the prompt template, for `ask` effects."""
