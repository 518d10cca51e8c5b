"""How much better one answer is than another, in the four words that people grade pairs with (Llama 3 paper, section 4.2.1)."""

import math

GRADES = ((0.95, "significantly better"), (0.8, "better"), (0.65, "slightly better"), (0.0, "marginally better"))
"""(at least this probability that it is the better one, by Bradley and Terry's model; the word), the surest first."""


def strength(margin: float) -> str:
    """The word for a margin of two scores, the better one's less the other's."""
    sure = 1 / (1 + math.exp(-min(max(margin, -700.0), 700.0)))
    return next(word for least, word in GRADES if sure >= least)
