"""Rows that are well formed and not learned from: counted by reason, and the first of each reason named in the log."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

SHOWN = 3
"""Rows of one reason that are named."""
MENDS = {
    "empty_answer": "give answers that say something",
    "identical": "give answers that differ",
    "longer_than_context": "shorten the rows to the checkpoint's positions",
    "similar": "give answers that differ more, or raise max_similarity",
    "special_tokens": "take out the letters that the tokenizer has as special tokens",
    "tools": "write the tools into the system turn, as the checkpoint's template does, and take out the column `tools`",
    "too_long": "raise max_length, or shorten the rows",
}
"""What makes a row one to learn from, by the reason why it is none."""
LOG = logging.getLogger(__name__)


def counted(left_out: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """How many places there are of each reason; the log is told."""
    if left_out:
        LOG.warning("left out: %s", told(left_out))
    return {reason: len(places) for reason, places in left_out.items()}


def mends(left_out: Mapping[str, Sequence[str]]) -> str:
    """What to do where nothing is left, the most frequent reason's mend first."""
    return "; ".join(MENDS[reason] for reason in sorted(left_out, key=lambda reason: -len(left_out[reason])))


def told(left_out: Mapping[str, Sequence[str]]) -> str:
    """`4 too_long (rows.jsonl:3, rows.jsonl:8, rows.jsonl:9, ...); 1 identical (rows.jsonl:5)`."""
    return "; ".join(
        f"{len(places):,} {reason} ({', '.join(places[:SHOWN])}{', ...' if len(places) > SHOWN else ''})"
        for reason, places in sorted(left_out.items())
    )
