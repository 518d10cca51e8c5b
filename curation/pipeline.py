"""`lab filter`: a data set in, what is kept and what is dropped out, each dropped row with its filter, reason and evidence.

The rows are read once for each kind of work and never held: first rules, contamination, hashes and MinHash signatures of every row,
then (where asked) tags and judges, then vectors, each only of what is still kept; at last the rows are written.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from curation import scanning
from curation.dedup import duplicates
from rows import forms
from rows.forms import Text
from rows.sources import Source, numbered, open_sources
from rows.writers import Schema, Shards

FILTERS = ("", "form", "rules", "contamination", "exact", "minhash", "judge", "semantic")
"""In the order in which they decide; the first is no filter: the row is kept."""
DEDUP = ("exact", "minhash", "semantic")
REASONS = {"exact": "exact_duplicate", "minhash": "near_duplicate", "semantic": "semantic_duplicate"}
MINHASH_THRESHOLD = 0.8
"""Estimated Jaccard index of three-word runs."""
SEMANTIC_THRESHOLD = 0.95
"""Cosine. Of GSM8K's questions 1% have another one as close; rewordings of one sentence lie between 0.7 and 0.98."""
SOURCE = "source_row"
"""Column: the number of the row in the input, from 0, by which evidence names it."""


class FilterError(Exception):
    """The filter cannot be run as asked; the message says why."""


@dataclass(frozen=True)
class Settings:
    """What to do to which data set."""

    dataset: Path
    out: Path
    rules: bool = True
    dedup: tuple[str, ...] = DEDUP
    evaluations: tuple[Path, ...] = ()
    """Evaluation sets that must not be in the data."""
    minhash_threshold: float = MINHASH_THRESHOLD
    semantic_threshold: float = SEMANTIC_THRESHOLD
    embeddings: Path | None = None
    """The checkpoint whose token table gives the vectors of semantic de-duplication."""


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


Rate = Callable[[Iterator[tuple[int, Text]], int, Any], Rated]
"""(the rows still kept, how many they are, the priority of every row) -> what was said of them"""


class Watch(Protocol):
    """Shows how far one of the passes is."""

    def __call__(self, step: str, total: int) -> AbstractContextManager[Callable[[int], None]]: ...


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

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Decisions:
    """Which filter dropped which row. One byte a row for the filter, eight and four for a duplicate's evidence."""

    def __init__(self, count: int) -> None:
        import numpy as np

        self.filter = np.zeros(count, np.uint8)
        self.priority = np.ones(count, np.float32)
        self.of = np.zeros(count, np.int64)
        self.similarity = np.zeros(count, np.float32)

    def kept(self) -> Any:
        """The numbers of the rows still kept, rising."""
        import numpy as np

        return np.flatnonzero(self.filter == 0)

    def order(self) -> Any:
        """Those rows by falling quality x difficulty, then as they came."""
        return duplicates.in_order(self.kept(), self.priority)

    def drop(self, name: str, found: duplicates.Duplicates) -> None:
        self.filter[found.rows] = FILTERS.index(name)
        self.of[found.rows] = found.of
        self.similarity[found.rows] = found.similarity


class Evidence:
    """(row, reason, evidence) of the first pass, on disk until the rows are written: it grows with the data."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile("w+", dir=folder, encoding="utf-8")  # noqa: SIM115

    def add(self, row: int, reason: str, evidence: str) -> None:
        self._file.write(json.dumps([row, reason, evidence]) + "\n")

    def read(self) -> Iterator[tuple[int, str, str]]:
        self._file.seek(0)
        yield from map(json.loads, self._file)

    def close(self) -> None:
        self._file.close()


def run(settings: Settings, watch: Watch, rate: Rate | None = None) -> Result:
    """Filter a data set into `settings.out`. Raises FilterError, RowsError, CheckpointError; the same input gives the same output."""
    _check(settings)
    sources = open_sources(settings.dataset)
    count = sum(source.rows for source in sources)
    settings.out.mkdir(parents=True, exist_ok=True)
    decisions, schema, evidence = Decisions(count), Schema(), Evidence(settings.out)
    try:
        with watch("read", count) as step:
            digests, matrix, undecidable = _scan(settings, sources, decisions, schema, evidence, step)
        if "exact" in settings.dedup:
            decisions.drop("exact", duplicates.exact(digests, decisions.order()))
        if "minhash" in settings.dedup:
            decisions.drop("minhash", duplicates.near(matrix, decisions.order(), settings.minhash_threshold))
        del digests, matrix  # before the vectors come
        rated = rate(_texts(sources, decisions), len(decisions.kept()), decisions.priority) if rate else Rated()
        if rated.priority is not None:
            decisions.priority = rated.priority
        for row in rated.failed:
            decisions.filter[row] = FILTERS.index("judge")
        if "semantic" in settings.dedup:
            _drop_semantic(settings, sources, decisions, watch)
        with watch("write", count) as step:
            result = _write(settings, sources, decisions, schema, evidence, rated, step)
    except BrokenProcessPool:
        raise FilterError("a worker died while it looked at rows; out of memory? Nothing was written") from None
    finally:
        evidence.close()
        for unfinished in settings.out.glob("*.writing"):
            unfinished.unlink()
    found = Result(count, *result[:2], undecidable, result[2])
    _describe(settings, found)
    return found


def _check(settings: Settings) -> None:
    if unknown := set(settings.dedup) - set(DEDUP):
        raise FilterError(f"{', '.join(sorted(unknown))}: no such de-duplication; known: {', '.join(DEDUP)}")
    inside, outside = settings.dataset.resolve(), settings.out.resolve()
    if inside == outside or inside in outside.parents or outside in inside.parents:
        raise FilterError(
            f"{settings.out}: choose another folder than the data set's; what is read must not be written to"
        )


def _scan(
    settings: Settings,
    sources: list[Source],
    decisions: Decisions,
    schema: Schema,
    evidence: Evidence,
    step: Callable[[int], None],
) -> tuple[Any, Any, int]:
    """The first pass: what each row says of itself. Returns digests and signatures (zero where a row is dropped already), and how many
    evaluation items cannot be recognised."""
    import numpy as np

    count = len(decisions.filter)
    digests = np.zeros((count, duplicates.DIGEST_BYTES), np.uint8)
    matrix = np.zeros((count if "minhash" in settings.dedup else 0, duplicates.PERMUTATIONS), np.uint32)
    typed = schema.take(sources)
    wanted = scanning.Wanted(
        settings.rules, "exact" in settings.dedup, "minhash" in settings.dedup, settings.evaluations
    )
    with scanning.scanner(wanted, count) as scan:
        for batch, seen in scan(numbered(sources)):
            if not typed:
                schema.learn([values for _, values in batch if isinstance(values, dict)])
            for row, name, reason, place in seen.dropped:
                decisions.filter[row] = FILTERS.index(name)
                evidence.add(row, reason, place)
            decisions.priority[seen.rows] = seen.priority
            if wanted.exact:
                digests[seen.rows] = seen.digests
            if wanted.minhash:
                matrix[seen.rows] = seen.signatures
            step(len(batch))
        return digests, matrix, scan.undecidable


def _texts(sources: list[Source], decisions: Decisions) -> Iterator[tuple[int, Text]]:
    """The rows still kept, as they come."""
    for batch in numbered(sources):
        for number, values in batch:
            if decisions.filter[number] == 0 and (text := forms.read(values)):
                yield number, text


def _drop_semantic(settings: Settings, sources: list[Source], decisions: Decisions, watch: Watch) -> None:
    import numpy as np

    from curation.dedup.embedding import TEXTS, encode, static_model
    from curation.dedup.semantic import semantic

    if settings.embeddings is None:
        raise FilterError("semantic de-duplication needs a checkpoint, for its token table: --embeddings DIR")
    rows = decisions.kept()
    model = static_model(settings.embeddings)
    vectors = np.empty((len(rows), model.dim), np.float16)
    with watch("vectors", len(rows)) as step:
        done, texts = 0, []
        for _, text in _texts(sources, decisions):
            texts.append(text.whole)
            if len(texts) == TEXTS or done + len(texts) == len(rows):
                vectors[done : done + len(texts)] = encode(model, texts)
                done += len(texts)
                step(len(texts))
                texts = []
    order = duplicates.in_order(np.arange(len(rows)), decisions.priority[rows])
    with watch("compare", len(rows)) as step:
        decisions.drop("semantic", semantic(vectors, rows, order, settings.semantic_threshold, step))


def _write(
    settings: Settings,
    sources: list[Source],
    decisions: Decisions,
    schema: Schema,
    evidence: Evidence,
    rated: Rated,
    step: Callable[[int], None],
) -> tuple[int, dict[str, dict[str, int]], tuple[str, ...]]:
    import pyarrow as pa

    columns = {**schema.columns(), SOURCE: pa.int64(), **rated.columns}
    why = {name: pa.string() for name in ("drop_filter", "drop_reason", "drop_evidence")}
    counts: dict[str, Counter[str]] = {}
    noted = evidence.read()
    with Shards(settings.out, "train", columns) as kept, Shards(settings.out, "dropped", {**columns, **why}) as dropped:
        for batch in numbered(sources):
            for number, values in batch:
                name = FILTERS[decisions.filter[number]]
                known = {**(values if isinstance(values, dict) else {}), SOURCE: number, **rated.values(number)}
                if not name:
                    kept.add(known)
                    continue
                if name in ("form", "rules", "contamination"):
                    _, reason, place = next(noted)
                else:
                    reason, place = _of_later(name, number, decisions, rated)
                counts.setdefault(name, Counter())[reason] += 1
                dropped.add({**known, "drop_filter": name, "drop_reason": reason, "drop_evidence": place})
            step(len(batch))
    files = tuple(path.name for path in [*kept.files, *dropped.files])
    by_filter = {name: dict(sorted(counts[name].items())) for name in FILTERS if name in counts}
    return len(decisions.kept()), by_filter, files


def _of_later(name: str, number: int, decisions: Decisions, rated: Rated) -> tuple[str, str]:
    if name == "judge":
        return rated.failed[number]
    same = {"duplicate_of": int(decisions.of[number]), "similarity": round(float(decisions.similarity[number]), 4)}
    return REASONS[name], json.dumps(same)


def _describe(settings: Settings, found: Result) -> None:
    """`filter.json`: what was asked and what came of it; no times, so that the same input gives the same file."""
    asked = {
        "dataset": str(settings.dataset),
        "rules": settings.rules,
        "dedup": list(settings.dedup),
        "decontaminate": [str(path) for path in settings.evaluations],
        "minhash_threshold": settings.minhash_threshold,
        "semantic_threshold": settings.semantic_threshold,
    }
    path = settings.out / "filter.json"
    path.with_suffix(".writing").write_text(json.dumps({**found.to_dict(), "settings": asked}, indent=2) + "\n")
    path.with_suffix(".writing").replace(path)
