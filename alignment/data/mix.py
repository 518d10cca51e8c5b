"""The shares that generators have of the SFT set (Llama 3 paper, sections 4.2.1 and 4.3, table 7): what there is too much of is
thinned.

Nothing is doubled: a share that cannot be met makes the set smaller, and `epochs` says how often it is seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
OVER_MIX = "over_mix"
"""Why a row is left out that holds, of a generator that has its share already."""


@dataclass(frozen=True)
class Mixed:
    """What is left of the rows, and of each name its share of them."""

    kept: list[int]
    """Places of the rows, in their order."""
    shares: dict[str, float]


def mixed(stages: Sequence[str], wanted: Mapping[str, float]) -> Mixed:
    """Thin rows, whose stages these are, to the shares that are wanted, of whatever sum, in the largest set that has them. A stage
    without a name among the wanted is left out.

    Of a name's rows those are kept that come first: the run's own before those of earlier runs, each problem's best before its
    others. Of a small set a share is met to a row.
    """
    found: dict[str, list[int]] = {name: [] for name in wanted}
    for place, stage in enumerate(stages):
        if (name := name_of(stage, wanted)) is not None:
            found[name].append(place)
    whole = sum(wanted.values())
    total = min((len(places) * whole / wanted[name] for name, places in found.items()), default=0.0)
    kept = {name: places[: round(total * wanted[name] / whole)] for name, places in found.items()}
    rows = sum(map(len, kept.values()))
    return Mixed(
        sorted(place for places in kept.values() for place in places),
        {name: len(places) / rows if rows else 0.0 for name, places in kept.items()},
    )


def name_of(stage: str, wanted: Mapping[str, float]) -> str | None:
    """The name by which a stage has its share: its own, or that of its group (`code` of `code/translation`)."""
    return next((name for name in (stage, stage.partition("/")[0]) if name in wanted), None)
