"""How different the accepted rows are from one another, from the seeds and from the last run: a collapse shows here first.

distinct-n as in Li et al. 2016 (different n-grams over all n-grams); distances are 1 minus the cosine of static sentence vectors
made of the checkpoint's own token table (`curation.dedup.embedding`), so nothing is downloaded.
"""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from generators.seeds.kinds import kind_of
from generators.seeds.load import BadSeedError
from ledger import Ledger, LedgerError, Status
from ledger.facts import DiversityFigures
from ledger.store import FILE

MOST = 2_000
"""Rows and seeds compared, evenly taken."""
LONGEST = 4_000
"""Characters of a text that count."""
COLLAPSED = 0.05
"""Mean distance between two rows below which they say nearly the same."""
FEWEST = 20
"""Rows below which nothing can be said of a collapse."""


def diversity(ledger: Ledger, stage: str, seeds: Sequence[Any], checkpoint: Path | None) -> DiversityFigures:
    """The figures of a stage's accepted rows; without a local checkpoint only those that need no vectors."""
    texts = accepted_texts(ledger, stage)
    if len(texts) < 2:
        return {}
    found: DiversityFigures = {
        "rows": len(texts),
        "distinct_1": round(distinct(texts, 1), 4),
        "distinct_2": round(distinct(texts, 2), 4),
        "distinct_3": round(distinct(texts, 3), 4),
    }
    if checkpoint is None:
        return found
    from curation.dedup.embedding import encode, static_model

    model = static_model(checkpoint)
    vectors = encode(model, texts).astype("float32")
    found["spread"] = round(spread(vectors), 4)
    found["novelty_seeds"] = round(novelty(vectors, encode(model, seed_texts(seeds)).astype("float32")), 4)
    earlier = last_run(ledger.run_dir, stage)
    if earlier:
        with Ledger(earlier, readonly=True) as other:
            known = encode(model, accepted_texts(other, stage)).astype("float32")
        found["novelty_last"], found["last"] = round(novelty(vectors, known), 4), earlier.name
    if len(texts) >= FEWEST and found["spread"] < COLLAPSED:
        found["alarm"] = (
            f"The accepted rows say nearly the same (mean distance {found['spread']:.3f}): raise the temperature, mix seeds "
            "with --mix, or bring more seeds."
        )
    return found


def accepted_texts(ledger: Ledger, stage: str) -> list[str]:
    """Problem and answer of the accepted rows of a stage, at most MOST of them, evenly taken."""
    total = sum(count for (status, _), count in ledger.counts(stage).items() if status is Status.accepted)
    step = max(1, -(-total // MOST))
    return [
        f"{row.sample.problem}\n{row.sample.completion}"[:LONGEST]
        for number, row in enumerate(ledger.rows(stage, Status.accepted))
        if number % step == 0
    ]


def distinct(texts: Iterable[str], n: int) -> float:
    """Different n-grams of words over all n-grams; 0 where there are none."""
    grams: set[tuple[str, ...]] = set()
    total = 0
    for text in texts:
        words = text.split()
        mine = list(zip(*(words[start:] for start in range(n)), strict=False))
        grams.update(mine)
        total += len(mine)
    return len(grams) / total if total else 0.0


def spread(vectors: Any) -> float:
    """Mean cosine distance between two different rows of unit vectors `(n, d)`."""
    count = len(vectors)
    if count < 2:
        return 0.0
    whole = vectors.sum(axis=0)
    return float(1 - (whole @ whole - (vectors * vectors).sum()) / (count * (count - 1)))


def novelty(vectors: Any, known: Any) -> float:
    """Mean cosine distance of each row from the nearest of `known`; 1 where nothing is known."""
    return float((1 - (vectors @ known.T).max(axis=1)).mean()) if len(known) else 1.0


def seed_texts(seeds: Sequence[Any]) -> list[str]:
    """What the seeds say, at most MOST of them, evenly taken."""
    step = max(1, -(-len(seeds) // MOST))
    texts = []
    for number in range(0, len(seeds), step):
        with contextlib.suppress(BadSeedError):  # its attempt says so
            seed = seeds[number]
            texts.append(kind_of(type(seed)).text(seed)[:LONGEST])
    return texts


def last_run(run_dir: Path, stage: str) -> Path | None:
    """The newest other run beside this one that has accepted rows of the stage."""
    here = run_dir.resolve()
    files = sorted(here.parent.glob(f"*/{FILE}"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[:50]:
        if file.parent == here:
            continue
        try:
            with Ledger(file.parent, readonly=True) as ledger:
                if any(status is Status.accepted for status, _ in ledger.counts(stage)):
                    return file.parent
        except LedgerError:
            continue
    return None
