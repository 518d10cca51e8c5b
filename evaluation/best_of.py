"""How good a reward model chooses: of N sampled answers the one that it likes best, beside what decides whether it is right.

Gao et al., "Scaling Laws for Reward Model Overoptimization" (2022): where the curve falls as N grows, the reward model likes what
is wrong, and rejection sampling or PPO under it would learn that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from evaluation.statistics import pass_at
from generators.lab import Lab
from ledger import Row, Status
from ledger.facts import BestOfFigures
from rows.messages import answered
from serving import PromptTooLongError

TOGETHER = 64
"""Answers scored in one call, which a stop loses."""


async def best_of(lab: Lab, stage: str) -> list[BestOfFigures]:
    """The curve over a stage's sampled answers, which the lab's reward model scores where it has not yet; N doubles up to as many as
    every problem has.
    """
    judged: dict[str, list[tuple[float, bool]]] = {}
    rows = list(lab.ledger.rows(stage))
    for at in range(0, len(rows), TOGETHER):
        some = rows[at : at + TOGETHER]
        for row, score in zip(some, await _scores(lab, some), strict=True):
            judged.setdefault(row.seed_id, []).append((score, row.status is Status.accepted))
    return curve(judged)


async def _scores(lab: Lab, rows: Sequence[Row]) -> list[float]:
    """Worse than any where there is nothing to score: no answer, or one too long for the reward model."""
    told = {
        number: [*row.sample.prompt, *answered((), row.sample.completion)]
        for number, row in enumerate(rows)
        if row.sample.completion
    }
    try:
        found = dict(zip(told, await lab.score(list(told.values())), strict=True))
    except PromptTooLongError:
        if len(rows) == 1:
            return [-math.inf]
        return [score for row in rows for score in await _scores(lab, [row])]
    return [found.get(number, -math.inf) for number in range(len(rows))]


def curve(judged: Mapping[str, Sequence[tuple[float, bool]]]) -> list[BestOfFigures]:
    """Of problem -> (score, whether it is right) of each answer: the share of problems answered rightly by the best of N, the mean over
    all ways to draw N of a problem's answers, beside one drawn blindly and one chosen by whoever knows.
    """
    most = min((len(answers) for answers in judged.values()), default=0)
    found: list[BestOfFigures] = []
    n = 1
    while n <= most:
        found.append(
            {
                "n": n,
                "chosen": _mean([_chosen(answers, n) for answers in judged.values()]),
                "blind": _mean([sum(right for _, right in answers) / len(answers) for answers in judged.values()]),
                "any": _mean([pass_at(n, [right for _, right in answers]) for answers in judged.values()]),
            }
        )
        n *= 2
    return found


def _chosen(answers: Sequence[tuple[float, bool]], n: int) -> float:
    """Chance that the best by score of `n` drawn without return is right. Of equal scores each is as likely the best."""
    k, places, before = len(answers), math.comb(len(answers), n), 0
    found = 0.0
    for score in sorted({score for score, _ in answers}, reverse=True):
        level = [right for other, right in answers if other == score]
        # The best of the draw has this score: none is better, and not all are worse.
        best = math.comb(k - before, n) - math.comb(k - before - len(level), n)
        found += best / places * sum(level) / len(level)
        before += len(level)
    return found


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
