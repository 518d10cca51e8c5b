"""How an attempt ends: a sample worth keeping, or a rejection that says why."""

from dataclasses import dataclass, field, replace
from typing import Any

from rows.sample import Sample, checked, sample_of


@dataclass(frozen=True)
class Outcome:
    """What a generator returns. The sample is kept for rejections too, as far as the attempt came."""

    accepted: bool
    reason: str = ""
    """For a rejection: a `generators.reasons.Reason`, a sandbox verdict, or in a generator of one's own any short word."""
    sample: Sample = field(default_factory=Sample)


def accept(sample: Sample | None = None, /, **fields: Any) -> Outcome:
    """A sample that holds: `accept(Sample(...))`, or its fields alone. Raises RowsError for a field that no sample has, and for a
    message that no data set can hold.
    """
    return Outcome(True, "", checked(sample_of(**fields) if sample is None else replace(sample, **fields)))


def reject(reason: str, sample: Sample | None = None, /, **fields: Any) -> Outcome:
    """A sample that does not, and why; see `accept`."""
    return Outcome(False, str(reason), sample_of(**fields) if sample is None else replace(sample, **fields))
