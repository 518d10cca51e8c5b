"""pass@1, how sure we are of it, and whether two checkpoints differ on the same problems.

The problem, not the sample, is the unit: samples of one problem are not independent, so intervals and tests resample
problems. Interval and p-value of a comparison are one computation, so they never disagree about zero.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from ledger.facts import ComparisonFigures, ScoreFigures

CONFIDENCE = 0.95
SHOWN_K = (2, 5, 10, 20, 50, 100)
"""The k of pass@k that are told, with the number of samples itself."""


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
    """95%, Wilson's; of several samples a problem with as many observations as their spread over problems is worth."""
    by_difficulty: dict[str, float]
    pass_at: dict[int, tuple[float, float, float]]
    """k above 1 -> pass@k with its 95% interval; empty of single answers."""

    def to_dict(self, checkpoint: str, decoding: str, temperature: float) -> ScoreFigures:
        """With the field's own spelling, `pass@1`, and of which checkpoint's answers it is."""
        several: dict[str, list[float]] = {str(k): list(figures) for k, figures in self.pass_at.items()}
        found: ScoreFigures = {
            "pass@1": self.pass_at_1,
            "benchmark": self.benchmark,
            "n": self.n,
            "samples": self.samples,
            "passed": self.passed,
            "interval": list(self.interval),
            "by_difficulty": self.by_difficulty,
            "checkpoint": checkpoint,
            "decoding": decoding,
            "temperature": temperature,
        }
        return {**found, "pass@k": several} if several else found


@dataclass(frozen=True)
class Comparison:
    """Two checkpoints on the same problems."""

    difference: float
    """pass@1 of the second minus the first."""
    interval: tuple[float, float]
    """95%, paired over problems; zero lies outside exactly where the p-value is under 5%."""
    p_value: float
    """Two-sided."""
    better: int
    """Problems the second passes more often than the first."""
    worse: int
    n: int
    """Problems."""

    @property
    def verdict(self) -> str:
        """One honest sentence, without its end."""
        if not self.sign:
            return f"no difference shown ({self.difference:+.1%}, p = {self.p_value:.2f}, {self.n} problems)"
        word = "better" if self.sign > 0 else "worse"
        return f"{word} by {abs(self.difference):.1%} (p = {self.p_value:.2g}, {self.n} problems)"

    @property
    def sign(self) -> int:
        """1 where a rise is shown, -1 where a fall is, else 0."""
        return 0 if self.p_value >= 1 - CONFIDENCE else 1 if self.interval[0] > 0 else -1

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
    interval = _wilson(list(rates.values()), samples)
    by_difficulty = {name: sum(group) / len(group) for name, group in sorted(groups.items())}
    fewest = min(len(outcomes) for outcomes in passes.values())
    ks = sorted({k for k in (*SHOWN_K, fewest) if 1 < k <= fewest})
    several = {k: _figures([pass_at(k, outcomes) for outcomes in passes.values()], samples) for k in ks}
    return Score(benchmark, len(rates), samples, passed, mean, interval, by_difficulty, several)


def pass_at(k: int, outcomes: Sequence[bool]) -> float:
    """The unbiased estimate, of one problem, of the chance that one of `k` answers is right at least (Chen et al. 2021,
    arXiv:2107.03374): the share of the sets of `k` among its answers that hold a right one. Raises ValueError for fewer answers.
    """
    if k > len(outcomes):
        raise ValueError(f"pass@{k} of {len(outcomes)} answers")
    return 1 - math.comb(len(outcomes) - sum(outcomes), k) / math.comb(len(outcomes), k)


def compare(before: Mapping[str, list[bool]], after: Mapping[str, list[bool]]) -> Comparison:
    """Paired comparison over the problems both have. Raises ValueError where there is none."""
    both = before.keys() & after.keys()
    rates = [{problem: sum(found[problem]) / len(found[problem]) for problem in both} for found in (before, after)]
    return compare_rates(*rates)


def compare_rates(before: Mapping[str, float], after: Mapping[str, float]) -> Comparison:
    """Paired comparison of one figure a problem, between 0 and 1, over the problems both have.

    Student's interval of the mean difference after Agresti and Min's two added problems that half differ (Statistics in
    Medicine 24, 2005): it has a width where nothing differs too, and holds its level from some ten problems on.
    """
    from scipy.stats import t as student

    problems = sorted(before.keys() & after.keys())
    if not problems:
        raise ValueError("the two evaluations share no problem")
    differences = [after[problem] - before[problem] for problem in problems]
    n = len(problems) + 2
    mean = sum(differences) / n
    error = math.sqrt(((sum(d * d for d in differences) + 1) / n - mean * mean) / n)
    p_value = float(2 * student.sf(abs(mean) / error, n - 1))
    margin = float(student.ppf((1 + CONFIDENCE) / 2, n - 1)) * error
    interval = max(-1.0, mean - margin), min(1.0, mean + margin)
    better, worse = sum(d > 0 for d in differences), sum(d < 0 for d in differences)
    return Comparison(sum(differences) / len(problems), interval, p_value, better, worse, len(problems))


def _figures(rates: list[float], samples: int) -> tuple[float, float, float]:
    return sum(rates) / len(rates), *_wilson(rates, samples)


def _wilson(rates: list[float], samples: int) -> tuple[float, float]:
    """Of a mean of rates between 0 and 1, one for each problem."""
    problems = len(rates)
    mean = sum(rates) / problems
    spread = sum((rate - mean) ** 2 for rate in rates) / problems
    return wilson(mean, min(problems * mean * (1 - mean) / spread, problems * samples) if spread else problems)


def wilson(mean: float, n: float) -> tuple[float, float]:
    """95% of a share that so many observations are worth; never without a width."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    centre = (mean + z * z / (2 * n)) / (1 + z * z / n)
    margin = z / (1 + z * z / n) * math.sqrt(mean * (1 - mean) / n + z * z / (4 * n * n))
    return max(0.0, centre - margin), min(1.0, centre + margin)
