"""What may be said of two checkpoints on one benchmark. A gain is claimed only where greedy and sampled answers both show it.

Training often makes a checkpoint surer without making it better: at a temperature it then loses less of what it could do
greedily all along, and pass@1 of sampled answers rises alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from evaluation.statistics import Comparison, compare, compare_rates
from ledger.facts import ClaimFigures


@dataclass(frozen=True)
class Outcomes:
    """What a checkpoint's answers to the problems of one benchmark came to."""

    greedy: Mapping[str, list[bool]]
    """problem -> whether its greedy answer is right."""
    sampled: Mapping[str, list[bool]]
    """problem -> whether each sampled answer is; empty where none were asked for."""
    answers: Mapping[str, list[str]]
    """problem -> the sampled answers."""
    temperature: float | None
    """Of the sampled answers."""

    def alike(self) -> dict[str, float]:
        """problem -> share of the pairs of its sampled answers that are equal; of problems with two answers or more."""
        found = {problem: list(combinations(texts, 2)) for problem, texts in self.answers.items()}
        return {problem: sum(a == b for a, b in pairs) / len(pairs) for problem, pairs in found.items() if pairs}


@dataclass(frozen=True)
class Claim:
    """One checkpoint against another."""

    before: str
    after: str
    benchmark: str
    greedy: Comparison
    sampled: Comparison | None
    alike: tuple[float, float] | None
    """Mean share of equal pairs among the sampled answers to a problem, before and after: 1 is no variety at all."""
    won: list[str]
    """Problems that are right greedily only afterwards."""
    lost: list[str]
    verdict: str
    """One honest sentence, without its end."""

    def to_dict(self) -> ClaimFigures:
        return {
            "before": self.before,
            "after": self.after,
            "benchmark": self.benchmark,
            "greedy": self.greedy.to_dict(),
            "sampled": self.sampled.to_dict() if self.sampled else None,
            "alike": list(self.alike) if self.alike else None,
            "won": self.won,
            "lost": self.lost,
            "verdict": self.verdict,
        }


def claim(before: tuple[str, Outcomes], after: tuple[str, Outcomes], benchmark: str) -> Claim:
    """Compare two (checkpoint, outcomes). Raises ValueError where they share no problem."""
    (first, was), (second, now) = before, after
    greedy = compare(was.greedy, now.greedy)
    same_way = was.sampled and now.sampled and was.temperature == now.temperature
    sampled = compare(was.sampled, now.sampled) if same_way else None
    alike = [outcomes.alike() for outcomes in (was, now)] if same_way else [{}, {}]
    surer = compare_rates(*alike).sign if alike[0].keys() & alike[1].keys() else 0
    shared = sorted(was.greedy.keys() & now.greedy.keys())
    return Claim(
        first,
        second,
        benchmark,
        greedy,
        sampled,
        (_mean(alike[0]), _mean(alike[1])) if alike[0] and alike[1] else None,
        [problem for problem in shared if now.greedy[problem] > was.greedy[problem]],
        [problem for problem in shared if now.greedy[problem] < was.greedy[problem]],
        f"{_said(greedy, sampled, now.temperature, surer)}, {len(shared)} problems",
    )


def _said(greedy: Comparison, sampled: Comparison | None, temperature: float | None, surer: int) -> str:
    by_greed = _figures(greedy)
    if sampled is None:
        word = {1: "higher greedily", -1: "lower greedily", 0: "no difference shown greedily"}[greedy.sign]
        return f"{word} ({by_greed}), sampled answers were not compared"
    at, by_chance = f"at temperature {temperature:g}", _figures(sampled)
    if greedy.sign == sampled.sign:
        word = {1: "better", -1: "worse", 0: "no difference shown"}[greedy.sign]
        return f"{word}: greedily {by_greed}, {at} {by_chance}"
    moved = {1: "it rose", -1: "it fell", 0: "no difference is shown"}
    word = "sharper" if not greedy.sign and sampled.sign == surer == 1 else "unclear"
    return f"{word}: {at} {moved[sampled.sign]} ({by_chance}), greedily {moved[greedy.sign]} ({by_greed})"


def _figures(found: Comparison) -> str:
    return f"{found.difference:+.1%}, p = {found.p_value:.2g}"


def _mean(values: Mapping[str, float]) -> float:
    return sum(values.values()) / len(values)
