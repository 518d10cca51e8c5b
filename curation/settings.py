"""What a filter is asked to do, and what a checkpoint may have said of the rows in between."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curation import dedup as set_filters
from curation import filters as text_filters
from curation.dedup import SetFilter
from curation.errors import FilterError
from rows.forms import Text

KEPT, DROPPED = "train", "dropped"
"""How the files begin that a filter writes."""
TOLD = "filter.json"
"""What was asked and what came of it; where it lies the files beside it are a filter's."""
BEGUN = "filter.begun"
"""Lies there while the files are written, and until the next filter where one was killed meanwhile."""


def every_filter() -> tuple[str, ...]:
    return tuple(one.name for one in text_filters.FILTERS)


def every_set_filter() -> tuple[str, ...]:
    return tuple(one.name for one in set_filters.SET_FILTERS)


@dataclass(frozen=True)
class Settings:
    """What to do to which data set."""

    dataset: Path
    out: Path
    filters: tuple[str, ...] = field(default_factory=every_filter)
    """Names of `curation.filters.FILTERS`."""
    dedup: tuple[str, ...] = field(default_factory=every_set_filter)
    """Names of `curation.dedup.SET_FILTERS`."""
    evaluations: tuple[Path, ...] = ()
    """Evaluation sets that must not be in the data."""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Of set filters, by name, where they are not to have their own."""
    embeddings: Path | None = None
    """The checkpoint whose token table gives the vectors of semantic de-duplication."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What a checkpoint is asked about the rows, and which: for `filter.json` alone."""

    def threshold(self, one: SetFilter) -> float:
        return self.thresholds.get(one.name, one.threshold)

    def check(self) -> None:
        """Raises FilterError where a filter is not known, or the output would be written into what is read, or over what no filter
        wrote.
        """
        text_filters.named(self.filters)
        set_filters.named(self.dedup)
        inside, outside = self.dataset.resolve(), self.out.resolve()
        if inside == outside or inside in outside.parents or outside in inside.parents:
            raise FilterError(
                f"{self.out}: choose another folder than the data set's; what is read must not be written to"
            )
        theirs = sorted(path for name in (KEPT, DROPPED) for path in self.out.glob(f"{name}-*.parquet"))
        if theirs and not any((self.out / name).exists() for name in (TOLD, BEGUN)):
            raise FilterError(f"{theirs[0]}: was there, by no filter, and would go; choose another folder")

    def to_dict(self) -> dict[str, Any]:
        """What was asked, as `filter.json` tells it."""
        told: dict[str, Any] = {"dataset": str(self.dataset), "rules": bool(self.filters)}
        if self.filters and self.filters != every_filter():
            told["filters"] = list(self.filters)
        told |= {"dedup": list(self.dedup), "decontaminate": [str(path) for path in self.evaluations]}
        fuzzy = [one for one in set_filters.SET_FILTERS if one.threshold < 1]
        return told | {f"{one.name}_threshold": self.threshold(one) for one in fuzzy} | dict(self.asked)


@dataclass(frozen=True)
class Rated:
    """What was asked of a checkpoint about the rows: new columns, new priorities, and what a judge would not pass."""

    columns: dict[str, Any] = field(default_factory=dict)
    """Name -> Arrow type of the columns of `values`."""
    values: Callable[[int], dict[str, Any]] = lambda row: {}
    priority: Any = None
    """float32 by row number."""
    failed: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Row number -> (reason, evidence)."""
    unrated: int = 0
    """Rows of which the checkpoint said nothing usable; they stay."""


Rate = Callable[[Iterator[tuple[int, Text]], int, Any], Rated]
"""(the rows still kept, how many they are, the priority of every row) -> what was said of them"""
