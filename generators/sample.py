"""How an attempt ends: a sample worth keeping, or a rejection that says why."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What a generator returns. `payload` is what exports and reports are made of; it is kept for rejections too."""

    accepted: bool
    reason: str = ""
    """For a rejection: a short closed word, such as a sandbox verdict or `no_code`."""
    payload: dict[str, Any] = field(default_factory=dict)


def accept(**payload: Any) -> Outcome:
    """A sample that holds."""
    return Outcome(True, "", payload)


def reject(reason: str, **payload: Any) -> Outcome:
    """A sample that does not, and why."""
    return Outcome(False, str(reason), payload)
