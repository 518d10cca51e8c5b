"""How a reward model ranks answers that it was not trained on: rightly how often, how surely, and by more than their length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True)
class Judged:
    """Two answers to one prompt."""

    category: str
    margin: float
    """Score of the better answer less that of the other."""
    longer: int
    """Tokens of the better answer less those of the other."""


def figures(judged: Sequence[Judged]) -> dict[str, float]:
    """Figures by name, all `held_out/...`; none where nothing was held out. Equal scores are no right ranking."""
    if not judged:
        return {}
    from scipy.stats import binomtest

    right = sum(pair.margin > 0 for pair in judged)
    interval = binomtest(right, len(judged)).proportion_ci(method="wilson")
    longer = [pair for pair in judged if pair.longer > 0]
    shorter = [pair for pair in judged if pair.longer < 0]
    found = {
        "pairs": float(len(judged)),
        "accuracy": right / len(judged),
        "accuracy/low": float(interval.low),
        "accuracy/high": float(interval.high),
        "calibration_error": calibration_error(judged),
        "better_is_longer": len(longer) / len(judged),
        "accuracy/better_longer": accuracy(longer),
        "accuracy/better_shorter": accuracy(shorter),
    }
    for name in sorted({pair.category for pair in judged if pair.category}):
        key = f"accuracy/{name}"  # which may be a figure's own name, such as `accuracy/low`
        found[f"accuracy/category/{name}" if key in found else key] = accuracy(
            [pair for pair in judged if pair.category == name]
        )
    return {f"held_out/{name}": value for name, value in found.items() if not math.isnan(value)}


def accuracy(judged: Sequence[Judged]) -> float:
    return sum(pair.margin > 0 for pair in judged) / len(judged) if judged else math.nan


def calibration_error(judged: Sequence[Judged]) -> float:
    """By how much the probability that the scores give to the answer they prefer differs from how often it is the better one:
    the mean over ten bins of that probability, by how many pairs are in each (Guo et al. 2017).
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for pair in judged:
        sure = 1 / (1 + math.exp(-min(abs(pair.margin), 700.0)))
        bins[min(int((sure - 0.5) * 2 * BINS), BINS - 1)].append((sure, pair.margin > 0))
    return sum(abs(sum(sure for sure, _ in held) - sum(right for _, right in held)) for held in bins if held) / len(
        judged
    )
