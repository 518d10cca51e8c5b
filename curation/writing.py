"""Writes what is kept and what is dropped, each dropped row with its filter, reason and evidence, and counts by reason."""

import contextlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from curation.decisions import FIRST_PASS, JUDGE, Decisions, Evidence
from curation.drops import Drop
from curation.settings import BEGUN, DROPPED, KEPT, TOLD, Rated, Settings
from rows.forms import is_left_unanswered
from rows.sources import Source, numbered
from rows.writers import Schema, Shards, whole

NUMBER = "source_row"
"""Column: the number of the row in the input, from 0, by which evidence names it."""
WHY = ("drop_filter", "drop_reason", "drop_evidence")
"""Columns of what is dropped."""


@dataclass(frozen=True)
class Result:
    """What was kept and what was dropped, and why."""

    rows: int
    kept: int
    dropped: dict[str, dict[str, int]]
    """Filter -> reason -> rows."""
    undecidable_items: int
    """Evaluation items too short or too common to be recognised."""
    shards: tuple[str, ...]
    unanswered: int = 0
    """Of the conversations kept those whose last turn is a user's or a tool's: the answers before it are there to learn from."""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Decided:
    """All that was decided of the rows."""

    decisions: Decisions
    evidence: Evidence
    schema: Schema
    """The columns of the input."""
    rated: Rated
    undecidable_items: int


def write(settings: Settings, sources: list[Source], decided: Decided, step: Callable[[int], None]) -> Result:
    """Write the shards and `filter.json`; the same input gives the same files."""
    import pyarrow as pa

    decisions, rated = decided.decisions, decided.rated
    columns = {**decided.schema.columns(), NUMBER: pa.int64(), **rated.columns}
    more = {**columns, **dict.fromkeys(WHY, pa.string())}
    counts: dict[str, Counter[str]] = {}
    reasons, unanswered = _Reasons(decided), 0
    with _begun(settings.out):
        with Shards(settings.out, KEPT, columns) as kept, Shards(settings.out, DROPPED, more) as dropped:
            for batch in numbered(sources):
                for number, values in batch:
                    row = {**(values if isinstance(values, dict) else {}), NUMBER: number, **rated.values(number)}
                    name = decisions.dropped_by(number)
                    if not name:
                        kept.add(row)
                        unanswered += is_left_unanswered(row)
                        continue
                    drop = reasons.of(number, name)
                    counts.setdefault(name, Counter())[drop.reason] += 1
                    dropped.add({**row, WHY[0]: name, WHY[1]: drop.reason, WHY[2]: drop.evidence})
                step(len(batch))
        result = Result(
            sum(source.rows for source in sources),
            len(decisions.kept()),
            {name: dict(sorted(counts[name].items())) for name in decisions.names if name in counts},
            decided.undecidable_items,
            tuple(path.name for path in [*kept.files, *dropped.files]),
            unanswered,
        )
        # No times, so that the same input gives the same file.
        with whole(settings.out / TOLD) as path:
            path.write_text(json.dumps({**result.to_dict(), "settings": settings.to_dict()}, indent=2) + "\n")
    return result


@contextlib.contextmanager
def _begun(out: Path) -> Iterator[None]:
    """Mark the folder as a filter's until it is told what lies there, also where this is killed in between."""
    mark = out / BEGUN
    mark.touch()
    try:
        yield
    finally:
        if (out / TOLD).exists() or not any(out.glob("*.parquet")):
            mark.unlink()


class _Reasons:
    """Why each row was dropped; asked by rising row number, as the evidence was noted."""

    def __init__(self, decided: Decided) -> None:
        self._decisions, self._rated = decided.decisions, decided.rated
        self._noted = decided.evidence.read()

    def of(self, row: int, name: str) -> Drop:
        if name in FIRST_PASS:
            return next(self._noted)[1]
        if name == JUDGE:
            return Drop(*self._rated.failed[row])
        return self._decisions.duplicate(row)
