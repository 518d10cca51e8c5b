"""What a filter that compares rows with one another is given, and what it may have taken of each row beforehand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from curation.watch import Watch
from rows.forms import Text


@dataclass(frozen=True)
class Sketch:
    """What is taken of each text while the rows are read for the first time, on all cores."""

    width: int
    dtype: str
    take: Callable[[Sequence[str]], Any]
    """Texts -> `(len(texts), width)` of `dtype`."""
    of: Callable[[Text], str]
    """What of a row is taken."""


@dataclass(frozen=True)
class Compared:
    """The rows that are still kept."""

    order: Any
    """Their numbers by falling quality x difficulty, then as they came: of rows that say the same the first one stays."""
    sketches: Any
    """`(all rows, width)`, by row number; None for a filter that takes no sketch."""
    texts: Iterable[str]
    """What they say (`Text.said`), by rising row number; read from the files anew."""
    threshold: float
    loaded: Callable[[], Any]
    """What the filter's `load` gave, waited for; raises what that raised."""
    watch: Watch
