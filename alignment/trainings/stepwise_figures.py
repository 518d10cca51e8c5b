"""How a stepwise reward model tells steps that it was not trained on: beside what a step's position alone says of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluation.statistics import wilson

BINS = 10


@dataclass(frozen=True)
class Judged:
    """The steps of one answer."""

    question: str
    """What answers to one and the same question share."""
    probabilities: list[float]
    """Of each step to be good."""
    labels: list[float]
    """How good it is, 0 to 1."""


def good(share: Any) -> Any:
    """Whether a share, or each of a tensor, says good rather than bad."""
    return share > 0.5


def figures(judged: Sequence[Judged], by_position: Sequence[float]) -> dict[str, float]:
    """Figures by name, all `held_out/...`; none where nothing was held out. `by_position`: how good the steps at each place
    were that were learned from, which is the baseline.
    """
    if not judged:
        return {}
    low, high = interval(judged)
    found = {
        "rows": float(len(judged)),
        "steps": float(sum(len(row.labels) for row in judged)),
        "accuracy": accuracy(judged),
        "accuracy/low": low,
        "accuracy/high": high,
        "auc": auc(judged),
        "calibration_error": calibration_error(judged),
        "first_error": first_error(judged),
        "no_error": no_error(judged),
    }
    placed = [replace(row, probabilities=at_positions(by_position, len(row.labels))) for row in judged]
    for name, figure in (("accuracy", accuracy), ("auc", auc), ("first_error", first_error), ("no_error", no_error)):
        found[f"position/{name}"] = figure(placed)
    return {f"held_out/{name}": value for name, value in found.items() if not math.isnan(value)}


def rates_by_position(labels: Sequence[Sequence[float]]) -> list[float]:
    """How good the first steps of answers are in the mean, the second ones, and so on. From its beginning, as whoever searches
    sees a step: how many will follow is not known.
    """
    most = max(map(len, labels))
    columns = [[row[at] for row in labels if at < len(row)] for at in range(most)]
    return [sum(column) / len(column) for column in columns]


def at_positions(rates: Sequence[float], steps: int) -> list[float]:
    """Of each of so many steps the rate at its place; where none was so long, the last one."""
    return [rates[min(at, len(rates) - 1)] for at in range(steps)]


def accuracy(judged: Sequence[Judged]) -> float:
    """Share of all steps that are told rightly."""
    right = [good(p) == good(y) for row in judged for p, y in zip(row.probabilities, row.labels, strict=True)]
    return sum(right) / len(right)


def auc(judged: Sequence[Judged]) -> float:
    """How often a good step has a higher probability than a bad one, equal ones half; not a number where there are not both."""
    from scipy.stats import rankdata

    labels = [bool(good(label)) for row in judged for label in row.labels]
    ranks = rankdata([p for row in judged for p in row.probabilities])
    goods = sum(labels)
    if not 0 < goods < len(labels):
        return math.nan
    of_goods = sum(rank for rank, label in zip(ranks, labels, strict=True) if label)
    return float((of_goods - goods * (goods + 1) / 2) / (goods * (len(labels) - goods)))


def calibration_error(judged: Sequence[Judged]) -> float:
    """By how much the probability differs from how good the steps are: the mean over ten bins of it, by how many steps are in
    each (Guo et al. 2017).
    """
    bins: list[list[float]] = [[] for _ in range(BINS)]
    for row in judged:
        for p, label in zip(row.probabilities, row.labels, strict=True):
            bins[min(int(p * BINS), BINS - 1)].append(p - label)
    return sum(abs(sum(held)) for held in bins) / sum(map(len, bins))


def first_error(judged: Sequence[Judged]) -> float:
    """Of the answers with a bad step the share whose first one is found, and none before it (ProcessBench, Zheng et al. 2024)."""
    wrong = [row for row in judged if _first_bad(row.labels) is not None]
    return _share(_first_bad(row.probabilities) == _first_bad(row.labels) for row in wrong) if wrong else math.nan


def no_error(judged: Sequence[Judged]) -> float:
    """Of the answers whose steps are all good the share in which none is called bad."""
    right = [row for row in judged if _first_bad(row.labels) is None]
    return _share(_first_bad(row.probabilities) is None for row in right) if right else math.nan


def _first_bad(shares: Sequence[float]) -> int | None:
    return next((at for at, share in enumerate(shares) if not good(share)), None)


def _share(found: Any) -> float:
    each = list(found)
    return sum(each) / len(each)


def interval(judged: Sequence[Judged]) -> tuple[float, float]:
    """95% of the accuracy, Wilson's: the steps of one answer, and answers to one question, are not independent, so that they count as
    what the spread over questions is worth; where there is none, as one observation a question.
    """
    of_question: dict[str, list[Judged]] = {}
    for row in judged:
        of_question.setdefault(row.question, []).append(row)
    steps = [sum(len(row.labels) for row in rows) for rows in of_question.values()]
    rates = [accuracy(rows) for rows in of_question.values()]
    share, questions = accuracy(judged), len(rates)
    spread = sum((size * (rate - share)) ** 2 for size, rate in zip(steps, rates, strict=True)) / sum(steps) ** 2
    if questions < 2 or not spread:
        return wilson(share, questions)
    return wilson(share, min(share * (1 - share) / (spread * questions / (questions - 1)), sum(steps)))
