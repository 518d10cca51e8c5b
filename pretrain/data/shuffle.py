"""A random order of n things, without a list of n things.

A Feistel network over the next power of four permutes it; whatever falls outside 0..n-1 is sent through again until it
falls inside ("cycle walking"), which permutes 0..n-1. Any position's value costs the same and nothing is kept, so that
the order of a billion documents resumes from one number.
"""

import hashlib

import numpy as np

ROUNDS = 6


class Shuffle:
    """A permutation of 0..n-1 that is a function of (n, key) alone."""

    def __init__(self, n: int, key: str) -> None:
        self.n = n
        self._half = max(1, (max(n - 1, 1).bit_length() + 1) // 2)
        digest = hashlib.blake2b(key.encode(), digest_size=8 * ROUNDS).digest()
        self._keys = np.frombuffer(digest, dtype="<u8").astype(np.uint64)

    def __call__(self, positions: np.ndarray) -> np.ndarray:
        """The values at these positions: int64 of the same shape."""
        values = self._permute(positions.astype(np.uint64))
        outside = np.flatnonzero(values >= self.n)
        while len(outside):
            values[outside] = self._permute(values[outside])
            outside = outside[values[outside] >= self.n]
        return values.astype(np.int64)

    def _permute(self, values: np.ndarray) -> np.ndarray:
        half, mask = np.uint64(self._half), np.uint64((1 << self._half) - 1)
        left, right = values >> half, values & mask
        for key in self._keys:
            left, right = right, left ^ (_hash(right ^ key) & mask)
        return (left << half) | right


def _hash(values: np.ndarray) -> np.ndarray:
    """The finaliser of splitmix64."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
