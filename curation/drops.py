"""What filters answer: one row goes for a reason, or several go because others say the same."""

from dataclasses import dataclass
from typing import Any, NamedTuple


class Drop(NamedTuple):
    """One row goes."""

    reason: str
    """A word of the filter's, as `refusal`."""
    evidence: str
    """The place that offends, or whatever else shows a person why."""


@dataclass(frozen=True)
class Duplicates:
    """Several rows go: `rows[i]` says what `of[i]` says, as far as `similarity[i]` (1 is the same).

    Row numbers are int64, similarities float32.
    """

    rows: Any
    of: Any
    similarity: Any


def in_order(rows: Any, priority: Any) -> Any:
    """The row numbers `rows` by falling priority, then as they came: of rows that say the same the first one here stays."""
    import numpy as np

    return rows[np.argsort(-priority[rows], kind="stable")]
