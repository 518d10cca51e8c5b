"""Exact duplicates: rows that say the same up to case and white space, found from a hash of each."""

import hashlib
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from curation.dedup.compared import Compared, Sketch
from curation.drops import Duplicates
from rows.encoding import composed

DIGEST_BYTES = 16
"""At 128 bits a billion rows collide with a chance of about 1e-21."""


def find(rows: Compared) -> Duplicates:
    return exact(rows.sketches, rows.order)


def digest(text: str) -> bytes:
    """The hash of a text up to case and white space."""
    plain = " ".join(composed(text).split()).casefold()
    return hashlib.blake2b(plain.encode(), digest_size=DIGEST_BYTES).digest()


def digests(texts: Sequence[str]) -> Any:
    """The hashes of some texts: uint8, `(len(texts), DIGEST_BYTES)`."""
    import numpy as np

    return np.frombuffer(b"".join(map(digest, texts)), np.uint8).reshape(-1, DIGEST_BYTES)


def exact(digests: Any, order: Any) -> Duplicates:
    """Rows of `order` whose digest (uint8, `(rows, DIGEST_BYTES)`) an earlier one has."""
    import numpy as np

    keys = np.ascontiguousarray(digests[order]).view(f"V{DIGEST_BYTES}").ravel()
    _, first, group = np.unique(keys, return_index=True, return_inverse=True)
    kept = first[group.ravel()]
    again = np.flatnonzero(kept != np.arange(len(order)))
    return Duplicates(order[again], order[kept[again]], np.ones(len(again), np.float32))


SKETCH = Sketch(DIGEST_BYTES, "uint8", digests, attrgetter("whole"))
