"""A row is what one attempt came to: an accepted sample, or a rejection with its reason. Both are kept."""

from dataclasses import dataclass, field
from enum import StrEnum

from rows.sample import Sample

EVALUATION = "eval:"
"""Stages of that name are never exported: nobody trains on the problems that judge him."""


class Status(StrEnum):
    """What became of an attempt."""

    accepted = "accepted"
    rejected = "rejected"
    surplus = "surplus"
    """Holds, but counts for no target: it was met a moment before, or no data set would take the row. Kept, not exported."""
    left_out = "left_out"
    """Nobody judged it: the sandbox failed on its program, or its generator on its seed or answer. No wrong answer, not exported."""


@dataclass(frozen=True)
class Row:
    """One attempt's end, named by its stage and its number; `effects` are the keys of all it asked and ran, in order."""

    stage: str
    """The generation stage, named by its generator, e.g. `code/rejection-sampling`, or `eval:<name>`."""
    attempt: int
    status: Status
    reason: str
    """Empty for an accepted row; otherwise a short closed word such as `test_failure` or `no_code`."""
    seed_id: str
    sample: Sample = field(default_factory=Sample)
    """What the attempt made, as far as it came."""
    effects: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """How people name the row: `STAGE#ATTEMPT`."""
        return f"{self.stage}#{self.attempt}"
