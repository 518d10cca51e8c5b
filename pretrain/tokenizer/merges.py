"""Byte-pair merges learned on top of those a vocabulary already has."""

import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

Pair = tuple[str, str]

BALANCE = 1 << 40
"""What the counts of each language are scaled to sum to, so that the longest text does not decide alone."""


def balanced(counts_by_language: Mapping[str, Counter[str]]) -> Counter[str]:
    """One weight a word: its shares of the languages' letters, added up."""
    weights: Counter[str] = Counter()
    for counts in counts_by_language.values():
        letters = sum(len(word) * count for word, count in counts.items())
        for word, count in counts.items():
            weights[word] += max(1, count * BALANCE // max(1, letters))
    return weights


def learn_merges(
    words: Sequence[tuple[Sequence[str], int]],
    new_tokens: int,
    known: frozenset[str] | set[str],
    may_hold: Callable[[str], bool],
    may_be: Callable[[Pair], bool],
) -> list[Pair]:
    """Go on with BPE: the heaviest adjacent pair becomes a token, until `new_tokens` are new or no pair is left.

    `words`: the parts of each word as tokens, and its weight. A pair is merged only if both tests allow it: `may_hold`
    is asked of the token that every pair there is would make, and should be quick; `may_be` of the heaviest pairs only.
    No token is made twice, and none that is `known`: an old merge could go on from it, and words would not be cut as
    they are here. Ties go to the pair that sorts first, so that the result is a function of the arguments.
    """
    parts = [list(word) for word, _ in words]
    weights = [weight for _, weight in words]
    pair_weight: dict[Pair, int] = defaultdict(int)
    places: dict[Pair, set[int]] = defaultdict(set)
    for number, word in enumerate(parts):
        for pair in itertools.pairwise(word):
            pair_weight[pair] += weights[number]
            places[pair].add(number)
    queue = [(-weight, pair) for pair, weight in pair_weight.items() if may_hold(pair[0] + pair[1])]
    heapq.heapify(queue)
    merges: list[Pair] = []
    settled = set(known)
    while queue and len(merges) < new_tokens:
        weight, pair = heapq.heappop(queue)
        if -weight != pair_weight[pair]:
            if pair_weight[pair] > 0:
                heapq.heappush(queue, (-pair_weight[pair], pair))
            continue
        token = pair[0] + pair[1]
        if token in settled:
            continue
        settled.add(token)
        if not may_be(pair):
            continue
        merges.append(pair)
        touched: set[Pair] = set()
        for number in places.pop(pair):
            word = parts[number]
            for old in itertools.pairwise(word):
                pair_weight[old] -= weights[number]
            parts[number] = word = _merge(word, pair, token)
            for new in itertools.pairwise(word):
                pair_weight[new] += weights[number]
                places[new].add(number)
                if token in new:
                    touched.add(new)
        pair_weight[pair] = 0
        for new in touched:
            if may_hold(new[0] + new[1]):
                heapq.heappush(queue, (-pair_weight[new], new))
    return merges


def _merge(word: list[str], pair: Pair, token: str) -> list[str]:
    merged: list[str] = []
    at = 0
    while at < len(word):
        if word[at] == pair[0] and at + 1 < len(word) and word[at + 1] == pair[1]:
            merged.append(token)
            at += 2
        else:
            merged.append(word[at])
            at += 1
    return merged
