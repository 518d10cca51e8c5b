"""Semantic duplicates (section 4.2.3): by falling quality x difficulty, a row stays unless it is too similar to one that stayed.

The paper clusters first so that each row meets few others; here an HNSW index of the rows that stayed answers the same question.
"""

import itertools
from collections.abc import Callable
from typing import Any

from curation.dedup.compared import Compared
from curation.dedup.embedding import TEXTS, encode, static_model
from curation.drops import Duplicates
from curation.errors import FilterError

THRESHOLD = 0.95
"""Cosine. Of GSM8K's questions 1% have another one as close; rewordings of one sentence lie between 0.7 and 0.98."""
BLOCK = 1024
"""Rows compared with the index, and with each other, in one go."""
NEIGHBOURS = 4
"""Candidates asked of the index, compared again exactly."""
CONNECTIVITY = 16
EXPANSION = 64
"""Nodes looked at when adding and when searching; a row as close as the threshold is found among far fewer."""


def find(rows: Compared) -> Duplicates:
    """Raises FilterError where no checkpoint is known, CheckpointError where it has no readable token table."""
    import numpy as np

    if rows.checkpoint is None:
        raise FilterError("semantic de-duplication needs a checkpoint, for its token table: --checkpoint DIR")
    kept = np.sort(rows.order)
    model = static_model(rows.checkpoint)
    vectors = np.empty((len(kept), model.dim), np.float16)
    texts, done = iter(rows.texts), 0
    with rows.watch("vectors", len(kept)) as step:
        while batch := list(itertools.islice(texts, TEXTS)):
            vectors[done : done + len(batch)] = encode(model, batch)
            done += len(batch)
            step(len(batch))
    with rows.watch("compare", len(kept)) as step:
        return semantic(vectors, kept, np.searchsorted(kept, rows.order), rows.threshold, step)


def semantic(
    vectors: Any, rows: Any, order: Any, threshold: float, watch: Callable[[int], None] = lambda rows: None
) -> Duplicates:
    """Rows whose cosine with an earlier one that stays is at least `threshold`, in the order given as positions.

    `vectors[i]` is the unit vector (float16) of the row `rows[i]`, or zero, which is similar to nothing.
    """
    import numpy as np
    from usearch.index import Index

    index = Index(
        ndim=vectors.shape[1],
        metric="cos",
        dtype="i8",  # candidates only: what counts is computed from the vectors themselves
        connectivity=CONNECTIVITY,
        expansion_add=EXPANSION,
        expansion_search=EXPANSION,
    )
    dropped, of, similarity = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.float32)]
    for start in range(0, len(order), BLOCK):
        positions = order[start : start + BLOCK]
        block = vectors[positions].astype(np.float32)
        nearest, close = _nearest(index, vectors, block)
        stays, nearest, close = _among_themselves(block, positions, nearest, close, threshold)
        dropped.append(rows[positions[~stays]])
        of.append(rows[nearest[~stays]])
        similarity.append(close[~stays])
        kept = stays & block.any(axis=1)
        # One thread: which of many is linked first would change what is found, and the same input must give the same output.
        index.add(positions[kept], block[kept], threads=1)
        watch(len(block))
    return Duplicates(np.concatenate(dropped), np.concatenate(of), np.concatenate(similarity))


def _nearest(index: Any, vectors: Any, block: Any) -> tuple[Any, Any]:
    """For each row of the block the position of the closest one in the index, and its cosine (-1 where there is none)."""
    import numpy as np

    positions, close = np.zeros(len(block), np.int64), np.full(len(block), -1, np.float32)
    if not len(index):
        return positions, close
    found = index.search(block, NEIGHBOURS)
    width = int(found.counts.min())
    if not width:
        return positions, close
    keys = found.keys[:, :width].astype(np.int64)
    exactly = np.einsum("nkd,nd->nk", vectors[keys].astype(np.float32), block)
    best = exactly.argmax(axis=1)
    every = np.arange(len(block))
    return keys[every, best], exactly[every, best]


def _among_themselves(block: Any, positions: Any, nearest: Any, close: Any, threshold: float) -> tuple[Any, Any, Any]:
    """(which rows of the block stay, the closest kept row of each, its cosine): greedy from the first row on."""
    import numpy as np

    stays = close < threshold
    cosines = np.tril(block @ block.T, -1)
    for row in np.flatnonzero(stays & (cosines >= threshold).any(axis=1)):
        within = np.where(stays[:row], cosines[row, :row], -1)
        best = int(within.argmax())
        if within[best] >= threshold:
            stays[row], nearest[row], close[row] = False, positions[best], within[best]
    return stays, nearest, close
