"""pass@1, how sure we are of it, and whether two checkpoints differ on the same problems.

The problem, not the sample, is the unit: samples of one problem are not independent, so intervals and tests resample
problems.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.facts import ComparisonFigures, ScoreFigures

CONFIDENCE = 0.95
RESAMPLES = 9_999


@dataclass(frozen=True)
class Score:
    """How a checkpoint did on a benchmark."""

    benchmark: str
    n: int
    """Problems."""
    samples: int
    """Completions for each problem."""
    passed: int
    """Completions that passed."""
    pass_at_1: float
    interval: tuple[float, float]
    """95%: Wilson's for one sample a problem, else a bootstrap over problems."""
    by_difficulty: dict[str, float]

    def to_dict(self) -> ScoreFigures:
        """With the field's own spelling, `pass@1`."""
        return {
            "pass@1": self.pass_at_1,
            "benchmark": self.benchmark,
            "n": self.n,
            "samples": self.samples,
            "passed": self.passed,
            "interval": list(self.interval),
            "by_difficulty": self.by_difficulty,
        }


@dataclass(frozen=True)
class Comparison:
    """Two checkpoints on the same problems."""

    difference: float
    """pass@1 of the second minus the first."""
    interval: tuple[float, float]
    """95% bootstrap over problems, paired."""
    p_value: float
    """Two-sided. One sample a problem: McNemar's exact test; else a sign-flip permutation test over problems."""
    better: int
    """Problems the second passes more often than the first."""
    worse: int
    verdict: str
    """One honest sentence."""

    def to_dict(self) -> ComparisonFigures:
        return {
            "difference": self.difference,
            "interval": list(self.interval),
            "p_value": self.p_value,
            "better": self.better,
            "worse": self.worse,
            "verdict": self.verdict,
        }


def score(benchmark: str, passes: Mapping[str, list[bool]], difficulty: Mapping[str, str] | None = None) -> Score:
    """Score `passes` (problem -> outcome of each sample)."""
    rates = {problem: sum(outcomes) / len(outcomes) for problem, outcomes in passes.items()}
    samples = max(len(outcomes) for outcomes in passes.values())
    passed = sum(sum(outcomes) for outcomes in passes.values())
    groups: dict[str, list[float]] = {}
    for problem, rate in rates.items():
        if difficulty and difficulty.get(problem):
            groups.setdefault(difficulty[problem], []).append(rate)
    mean = sum(rates.values()) / len(rates)
    interval = _wilson(passed, len(rates)) if samples == 1 else _bootstrap(list(rates.values()))
    by_difficulty = {name: sum(group) / len(group) for name, group in sorted(groups.items())}
    return Score(benchmark, len(rates), samples, passed, mean, interval, by_difficulty)


def compare(before: Mapping[str, list[bool]], after: Mapping[str, list[bool]]) -> Comparison:
    """Paired comparison over the problems both have."""
    problems = sorted(before.keys() & after.keys())
    if not problems:
        raise ValueError("the two evaluations share no problem")
    pairs = [(sum(before[p]) / len(before[p]), sum(after[p]) / len(after[p])) for p in problems]
    differences = [second - first for first, second in pairs]
    better, worse = sum(d > 0 for d in differences), sum(d < 0 for d in differences)
    single = all(len(before[p]) == len(after[p]) == 1 for p in problems)
    p_value = _mcnemar(better, worse) if single else _sign_flip(differences)
    difference = sum(differences) / len(differences)
    if p_value >= 1 - CONFIDENCE:
        verdict = f"no difference shown ({difference:+.1%}, p = {p_value:.2f}, {len(problems)} problems)"
    else:
        verdict = f"{'better' if difference > 0 else 'worse'} by {abs(difference):.1%} (p = {p_value:.3g}, {len(problems)} problems)"
    return Comparison(difference, _bootstrap(differences), p_value, better, worse, verdict)


def _wilson(passed: int, n: int) -> tuple[float, float]:
    from scipy.stats import binomtest

    interval = binomtest(passed, n).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)


def _bootstrap(values: list[float]) -> tuple[float, float]:
    from scipy.stats import bootstrap

    if len(set(values)) < 2:  # nothing to resample
        return values[0], values[0]
    interval = bootstrap(
        (values,), _mean, n_resamples=RESAMPLES, confidence_level=CONFIDENCE, method="percentile", rng=0
    ).confidence_interval
    return float(interval.low), float(interval.high)


def _mean(values: Any, axis: int = -1) -> Any:
    return values.mean(axis=axis)


def _mcnemar(better: int, worse: int) -> float:
    from scipy.stats import binomtest

    return float(binomtest(better, better + worse).pvalue) if better + worse else 1.0


def _sign_flip(differences: list[float]) -> float:
    from scipy.stats import permutation_test

    if not any(differences):
        return 1.0
    test = permutation_test(
        (differences,), _mean, permutation_type="samples", n_resamples=RESAMPLES, vectorized=True, rng=0
    )
    return float(test.pvalue)
