"""Semantic duplicates (section 4.2.3): by falling quality x difficulty, a row stays unless it is too similar to one that stayed.

As in the paper, rows are clustered first, so that each meets only those that stayed in the clusters around it.
"""

import itertools
import math
from collections.abc import Callable
from typing import Any

from curation.dedup.compared import Compared
from curation.dedup.embedding import TEXTS, encode, static_model
from curation.drops import Duplicates
from curation.errors import FilterError

THRESHOLD = 0.95
"""Cosine. Of GSM8K's questions 1% have another one as close; rewordings of one sentence lie between 0.7 and 0.98."""
BLOCK = 1024
"""Rows compared with those that stayed, and with each other, in one go."""
FEW = 10_000
"""Rows up to which each meets all that stayed."""
CLUSTERED_BY = 40
"""Rows a cluster from which its centre is found."""
AROUND = 16
"""Clusters looked into: of 2,172 duplicates among 82,052 rows 2,169 are found, with 8 of them 2,162."""


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

    index = new_index(vectors, order)
    dropped, of, similarity = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.float32)]
    for start in range(0, len(order), BLOCK):
        positions = order[start : start + BLOCK]
        block = vectors[positions].astype(np.float32)
        nearest, close = _nearest(index, block)
        stays, nearest, close = _among_themselves(block, positions, nearest, close, threshold)
        dropped.append(rows[positions[~stays]])
        of.append(rows[nearest[~stays]])
        similarity.append(close[~stays])
        kept = stays & block.any(axis=1)
        index.add_with_ids(block[kept], positions[kept])
        watch(len(block))
    return Duplicates(np.concatenate(dropped), np.concatenate(of), np.concatenate(similarity))


def new_index(vectors: Any, order: Any) -> Any:
    """An empty index of positions by inner product. Vectors are kept as they are, so that what it finds is the cosine itself;
    of many rows it looks into the nearest clusters only, about `2 sqrt(n)` of which are made.
    """
    import faiss
    import numpy as np

    if len(order) <= FEW:
        return faiss.index_factory(vectors.shape[1], "IDMap,SQfp16", faiss.METRIC_INNER_PRODUCT)
    clusters = round(2 * math.sqrt(len(order)))
    index: Any = faiss.index_factory(vectors.shape[1], f"IVF{clusters},SQfp16", faiss.METRIC_INNER_PRODUCT)
    index.nprobe, index.cp.niter, index.cp.max_points_per_centroid = AROUND, 5, CLUSTERED_BY
    evenly = np.linspace(0, len(order) - 1, min(len(order), CLUSTERED_BY * clusters)).astype(np.int64)
    index.train(vectors[np.sort(order)[evenly]].astype(np.float32))
    return index


def _nearest(index: Any, block: Any) -> tuple[Any, Any]:
    """For each row of the block the position of the closest one in the index, and its cosine (-1 where there is none)."""
    import numpy as np

    close, positions = index.search(block, 1)
    return np.maximum(positions[:, 0], 0), np.where(positions[:, 0] < 0, -1, close[:, 0]).astype(np.float32)


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
