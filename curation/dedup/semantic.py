"""Semantic duplicates (section 4.2.3): by falling quality x difficulty, a row stays unless it is too similar to one that stayed.

As in the paper, rows are clustered first, so that each meets only those that stayed in the clusters around it.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from curation.dedup.compared import Compared
from curation.dedup.embedding import encoded, static_model
from curation.drops import Duplicates
from curation.errors import FilterError

THRESHOLD = 0.95
"""Cosine. Of GSM8K's questions 1% have another one as close; rewordings of one sentence lie between 0.7 and 0.98."""
BLOCK = 512
"""Rows compared with those that stayed, and with each other, in one go."""
FEW = 10_000
"""Rows up to which each meets all that stayed."""
CLUSTERED_BY = 40
"""Rows a cluster from which its centre is found."""
AROUND = 16
"""Clusters looked into at most,"""
MARGIN = 0.05
"""and of these the ones whose centre is no further than that below the nearest one's inner product: what is as close as a
duplicate is about as close to every centre.
"""
ROW_BY_ROW = 3
"""faiss's word for a search that shares its rows out over all cores; by default one whose clusters are given runs on one."""


def load(checkpoint: Path | None) -> Any:
    """The model of the vectors. Raises FilterError where no checkpoint is known, CheckpointError where it has no readable
    token table.
    """
    if checkpoint is None:
        raise FilterError("semantic de-duplication needs a checkpoint, for its token table: --checkpoint DIR")
    import faiss  # noqa: F401  it takes a while, and is here in time for `find`
    import scipy.sparse  # noqa: F401

    return static_model(checkpoint)


def find(rows: Compared) -> Duplicates:
    """Raises what `load` raises."""
    import numpy as np

    kept, model = np.sort(rows.order), rows.loaded()
    vectors = np.empty((len(kept), model.dim), np.float16)
    done = 0
    with rows.watch("vectors", len(kept)) as step:
        for some in encoded(model, rows.texts):
            vectors[done : done + len(some)] = some
            done += len(some)
            step(len(some))
    with rows.watch("compare", len(kept)) as step:
        return semantic(vectors, kept, np.searchsorted(kept, rows.order), rows.threshold, step)


def semantic(
    vectors: Any, rows: Any, order: Any, threshold: float, watch: Callable[[int], None] = lambda rows: None
) -> Duplicates:
    """Rows whose cosine with an earlier one that stays is at least `threshold`, in the order given as positions.

    `vectors[i]` is the unit vector (float16) of the row `rows[i]`, or zero, which is similar to nothing.
    """
    import numpy as np

    kept = Kept(new_index(vectors, order))
    dropped, of, similarity = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.float32)]
    for start in range(0, len(order), BLOCK):
        positions = order[start : start + BLOCK]
        block = vectors[positions].astype(np.float32)
        clusters, products = kept.clusters(block)
        nearest, close = kept.nearest(block, clusters, products)
        stays, nearest, close = _among_themselves(block, positions, nearest, close, threshold)
        dropped.append(rows[positions[~stays]])
        of.append(rows[nearest[~stays]])
        similarity.append(close[~stays])
        new = stays & block.any(axis=1)
        kept.add(block[new], positions[new], clusters[new])
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


class Kept:
    """The rows that stayed, in an index of `new_index`. The clusters of a row are found once, for looking and for adding."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._centres = None
        if hasattr(index, "nlist"):
            self._centres = index.quantizer.reconstruct_n(0, index.nlist)
            index.parallel_mode = ROW_BY_ROW

    def clusters(self, block: Any) -> tuple[Any, Any]:
        """(the clusters around each row, nearest first, the inner products with their centres), each `(rows, AROUND)`; -1
        stands for none.
        """
        import numpy as np

        if self._centres is None:
            return np.full((len(block), 1), -1, np.int64), np.zeros((len(block), 1), np.float32)
        products = block @ self._centres.T
        around = min(AROUND, len(self._centres))
        found = np.argpartition(products, -around, axis=1)[:, -around:]
        near = np.take_along_axis(products, found, 1)
        best = np.argsort(-near, axis=1, kind="stable")
        found, near = np.take_along_axis(found, best, 1), np.take_along_axis(near, best, 1)
        return np.where(near >= near[:, :1] - MARGIN, found, -1).astype(np.int64), near

    def nearest(self, block: Any, clusters: Any, products: Any) -> tuple[Any, Any]:
        """For each row of the block the position of the closest one that stayed, and its cosine (-1 where there is none)."""
        import numpy as np

        if self._centres is None:
            close, positions = self._index.search(block, 1)
        else:
            close, positions = self._index.search_preassigned(block, 1, clusters, products)
        return np.maximum(positions[:, 0], 0), np.where(positions[:, 0] < 0, -1, close[:, 0]).astype(np.float32)

    def add(self, block: Any, positions: Any, clusters: Any) -> None:
        """Rows that stay."""
        import faiss
        import numpy as np

        if self._centres is None:
            self._index.add_with_ids(block, positions)
            return
        arrays = (block, positions.astype(np.int64), np.ascontiguousarray(clusters[:, 0]))
        self._index.add_core(len(block), *map(faiss.swig_ptr, arrays))


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
