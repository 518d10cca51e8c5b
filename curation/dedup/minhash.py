"""Near duplicates, found from MinHash signatures alone (rensa): an index of them would be many times as large."""

import array
import math
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from curation.dedup.compared import Compared, Sketch
from curation.drops import Duplicates
from rows.encoding import composed

THRESHOLD = 0.8
"""Estimated Jaccard index of three-word runs."""
PERMUTATIONS = 128
SEED = 42
BANDS = 32
"""Of 4 values each: rows of similarity 0.8 share a band with a chance above 0.9999, unrelated rows almost never."""
MIXER = 0x9E3779B97F4A7C15
"""An odd 64-bit number: multiplying by it spreads."""
SHINGLE = 3
"""Words; one changed word in a hundred costs three shingles of 98."""
CHARACTERS = 5
"""Of texts with fewer words than a shingle, and of scripts without spaces, runs of characters are compared."""
LONG_WORDS = 25
"""Characters a word on average, above which a text counts as one without spaces."""


def find(rows: Compared) -> Duplicates:
    return near(rows.sketches, rows.order, rows.threshold)


def shingles(text: str) -> list[str]:
    """The runs of words that MinHash compares, lower case."""
    text = composed(text)
    words = text.lower().split()
    if len(words) < SHINGLE or len(text) > LONG_WORDS * len(words):
        whole = " ".join(words)
        return [whole[at : at + CHARACTERS] for at in range(max(1, len(whole) - CHARACTERS + 1))]
    return [" ".join(run) for run in zip(words, words[1:], words[2:], strict=False)]


def signatures(texts: Sequence[str]) -> Any:
    """MinHash signatures, `(len(texts), PERMUTATIONS)` of uint32: the share of equal columns estimates the Jaccard index."""
    import numpy as np
    from rensa import RMinHash

    if not texts:
        return np.empty((0, PERMUTATIONS), np.uint32)
    matrix = RMinHash.digest_matrix_from_token_sets([shingles(text) for text in texts], PERMUTATIONS, SEED)
    return np.array(matrix.to_rows(), np.uint32)


def near(matrix: Any, order: Any, threshold: float) -> Duplicates:
    """Rows of `order` whose estimated Jaccard index with an earlier row that stays is at least `threshold`.

    Rows that share no band with another are done without a loop; the others are compared with the kept ones of their bands.
    """
    import numpy as np

    buckets = _shared_bands(matrix, order)
    # A value that differs costs one band at most: what shares fewer is not as similar, however much of a template both are made of.
    fewest = max(1, BANDS - PERMUTATIONS + math.ceil(threshold * PERMUTATIONS))
    kept: dict[int, array.array[int]] = {}
    rows, of, similarity = [], [], []
    for position, keys in buckets.items():
        met = [np.frombuffer(kept[key], np.int64) for key in keys if key in kept]
        candidates = _in_at_least(fewest, met) if len(met) >= fewest else ()
        del met  # an array that is looked at cannot grow
        if len(candidates):
            same = (matrix[order[candidates]] == matrix[order[position]]).mean(axis=1)
            best = int(same.argmax())
            if same[best] >= threshold:
                rows.append(order[position])
                of.append(order[candidates[best]])
                similarity.append(same[best])
                continue
        for key in keys:
            kept.setdefault(key, array.array("q")).append(position)
    return Duplicates(np.array(rows, np.int64), np.array(of, np.int64), np.array(similarity, np.float32))


def _in_at_least(fewest: int, arrays: Sequence[Any]) -> Any:
    """The numbers that stand in so many of the arrays, rising."""
    import numpy as np

    numbers = np.concatenate(arrays)
    if len(numbers) < numbers.max() // 8:  # few of many: sorting them costs less than a count of all
        found, times = np.unique(numbers, return_counts=True)
        return found[times >= fewest]
    return np.flatnonzero(np.bincount(numbers) >= fewest)


def _shared_bands(matrix: Any, order: Any) -> dict[int, list[int]]:
    """Position in the order -> the buckets it shares with some other row, by rising position."""
    import numpy as np

    width = PERMUTATIONS // BANDS
    positions, keys = [], []
    for band in range(BANDS):
        values = np.ascontiguousarray(matrix[order, band * width : (band + 1) * width]).view(np.uint64)
        # One number for a band sorts many times faster than its bytes; a collision costs a comparison, nothing else.
        _, bucket, count = np.unique(
            values[:, 0] * np.uint64(MIXER) + values[:, 1], return_inverse=True, return_counts=True
        )
        shared = np.flatnonzero(count[bucket] > 1)
        positions.append(shared)
        keys.append(bucket[shared] * BANDS + band)
    found: dict[int, list[int]] = {}
    if positions:
        at, key = np.concatenate(positions), np.concatenate(keys)
        by_position = np.argsort(at, kind="stable")
        for position, bucket in zip(at[by_position].tolist(), key[by_position].tolist(), strict=True):
            found.setdefault(position, []).append(bucket)
    return found


SKETCH = Sketch(PERMUTATIONS, "uint32", signatures, attrgetter("said"))
