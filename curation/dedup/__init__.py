"""The filters on what rows are to each other, a file each: of rows that say the same the first in the order stays.

The order is quality x difficulty, then that of the input (section 4.2.3). Adding a filter is a file with a function
`Compared -> Duplicates` and a row of `SET_FILTERS`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curation.dedup import exact, minhash, semantic
from curation.dedup.compared import Compared, Sketch
from curation.drops import Duplicates
from curation.errors import FilterError


@dataclass(frozen=True)
class SetFilter:
    """A filter on what rows are to each other."""

    name: str
    """What `--dedup` calls it."""
    reason: str
    """What a row is dropped as."""
    find: Callable[[Compared], Duplicates]
    sketch: Sketch | None = None
    """What it compares rows by. Without one it is asked last, after tags and judges, and reads the texts of what is left."""
    threshold: float = 1.0
    """The similarity from which on two rows are the same; 1 where there is no more or less."""
    load: Callable[[Path | None], Any] | None = None
    """From the checkpoint what it needs and takes long to load: begun while the rows are read for the first time."""


SET_FILTERS: tuple[SetFilter, ...] = (
    SetFilter("exact", "exact_duplicate", exact.find, exact.SKETCH),
    SetFilter("minhash", "near_duplicate", minhash.find, minhash.SKETCH, minhash.THRESHOLD),
    SetFilter("semantic", "semantic_duplicate", semantic.find, None, semantic.THRESHOLD, semantic.load),
)
"""In the order in which they decide."""


def named(names: Iterable[str]) -> tuple[SetFilter, ...]:
    """The filters of these names, in the order in which they decide. Raises FilterError for a name there is not."""
    wanted = set(names)
    if unknown := wanted - {one.name for one in SET_FILTERS}:
        known = ", ".join(one.name for one in SET_FILTERS)
        raise FilterError(f"{', '.join(sorted(unknown))}: no such de-duplication; known: {known}")
    return tuple(one for one in SET_FILTERS if one.name in wanted)
