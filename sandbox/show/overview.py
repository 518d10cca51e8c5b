"""Many runs seen as one: verdicts by language, how long and how large, what is flaky, what linters found."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.report import Proof, Verdict
from sandbox.show.records import Run

EXAMPLES = 8
"""Programs shown of each verdict and rule."""
EXTREMES = 10
"""Programs shown as slowest and as largest."""
FLAKY = 50


@dataclass(frozen=True)
class Measure:
    """One quantity over all runs: its distribution, and where most of it was used."""

    name: str
    unit: str
    quantiles: dict[str, float]
    """"median", "p90", "p99", "most"."""
    histogram: tuple[tuple[str, int], ...]
    """(range, runs), without empty ends."""


@dataclass(frozen=True)
class Rule:
    """A rule of a linter, compiler or parser: how many findings in how many programs."""

    name: str
    severity: str
    message: str
    findings: int
    programs: tuple[Run, ...]


@dataclass(frozen=True)
class Overview:
    """What the page and the terminal show."""

    title: str
    runs: int
    programs: int
    verdicts: tuple[tuple[str, int], ...]
    by_language: dict[str, dict[str, int]]
    proofs: tuple[tuple[str, int], ...]
    """Of the accepted programs, how many by which proof."""
    examples: dict[str, list[Run]]
    """By verdict."""
    measures: tuple[Measure, ...]
    slowest: tuple[Run, ...]
    largest: tuple[Run, ...]
    repeated: int
    """Programs run more than once: only of those can be known whether they are flaky."""
    flaky: tuple[Run, ...]
    rules: tuple[Rule, ...]
    audited: tuple[Run, ...]
    """Programs whose tests accepted a mutant, the weakest first."""

    def to_dict(self) -> dict[str, Any]:
        """The figures, and the names of the programs shown."""
        return {
            "title": self.title,
            "runs": self.runs,
            "programs": self.programs,
            "verdicts": dict(self.verdicts),
            "by_language": self.by_language,
            "accepted_by_proof": dict(self.proofs),
            "measures": {
                m.name: {"unit": m.unit, **m.quantiles, "histogram": dict(m.histogram)} for m in self.measures
            },
            "slowest": [{"id": run.id, "cpu_s": run.report.usage.cpu_s} for run in self.slowest],
            "largest": [{"id": run.id, "memory_bytes": run.report.usage.memory_bytes} for run in self.largest],
            "repeated": self.repeated,
            "flaky": [{"id": run.id, "outcomes": run.outcomes} for run in self.flaky],
            "rules": [
                {"rule": r.name, "severity": r.severity, "findings": r.findings, "programs": len(r.programs)}
                for r in self.rules
            ],
            "with_survivors": [{"id": r.id, "killed": r.audit.get("audit_mutants_killed")} for r in self.audited],
        }


def gather(title: str, runs: Sequence[Run]) -> Overview:
    """The overview of runs (at least one)."""
    by_verdict: dict[str, list[Run]] = defaultdict(list)
    by_language: dict[str, Counter[str]] = defaultdict(Counter)
    for run in runs:
        by_verdict[str(run.report.verdict)].append(run)
        by_language[run.program.language][str(run.report.verdict)] += 1
    order = [str(verdict) for verdict in Verdict if str(verdict) in by_verdict]
    real = [run for run in runs if run.report.verdict is not Verdict.sandbox_fault]
    proofs = Counter(run.report.proof for run in runs if run.report.accepted)
    weak = [run for run in runs if run.audit.get("audit_survivors")]
    return Overview(
        title=title,
        runs=sum(1 + len(run.again) for run in runs),
        programs=len(runs),
        verdicts=tuple((name, len(by_verdict[name])) for name in order),
        by_language={
            name: {v: counts[v] for v in order if counts[v]}
            for name, counts in sorted(by_language.items(), key=lambda item: -sum(item[1].values()))
        },
        proofs=tuple((str(proof), proofs[proof]) for proof in Proof if proofs[proof]),
        examples={name: by_verdict[name][:EXAMPLES] for name in order},
        measures=(
            _measure("CPU time", "ms", [1000 * run.report.usage.cpu_s for run in real], 0.5),
            _measure("clock time", "ms", [1000 * run.report.usage.wall_s for run in real], 0.5),
            _measure("memory", "MiB", [run.report.usage.memory_bytes / 2**20 for run in real], 1),
        ),
        slowest=_most(real, lambda run: run.report.usage.cpu_s),
        largest=_most(real, lambda run: run.report.usage.memory_bytes),
        repeated=sum(bool(run.again) for run in runs),
        flaky=tuple(run for run in runs if len(run.outcomes) > 1)[:FLAKY],
        rules=_rules(runs),
        audited=tuple(sorted(weak, key=lambda run: float(run.audit.get("audit_mutants_killed") or 0))[:FLAKY]),
    )


def _most(runs: Sequence[Run], of: Callable[[Run], float]) -> tuple[Run, ...]:
    return tuple(sorted(runs, key=of, reverse=True)[:EXTREMES])


def _measure(name: str, unit: str, values: Sequence[float], smallest: float) -> Measure:
    """Ranges double: most runs take milliseconds and a few take seconds, which no even ranges would show."""
    ordered = sorted(value for value in values if math.isfinite(value)) or [0.0]
    bounds = [0.0, smallest]
    while bounds[-1] <= ordered[-1]:
        bounds.append(bounds[-1] * 2)
    counts = [0] * (len(bounds) - 1)
    for value in ordered if values else ():
        counts[next(n for n, bound in enumerate(bounds[1:]) if value < bound)] += 1
    histogram = tuple((f"{low:,g} to {high:,g} {unit}", count) for low, high, count in _joined(bounds, counts))
    shares = {"median": 0.5, "p90": 0.9, "p99": 0.99, "most": 1.0}
    quantiles = {
        key: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) for key, share in shares.items()
    }
    return Measure(name, unit, quantiles, histogram)


def _joined(bounds: Sequence[float], counts: Sequence[int]) -> list[tuple[float, float, int]]:
    """(from, to, count) without the empty ranges at either end; empty neighbours in the middle are one."""
    taken = [n for n, count in enumerate(counts) if count] or [0]
    joined: list[tuple[float, float, int]] = []
    for n in range(taken[0], taken[-1] + 1):
        if counts[n] == 0 and joined and joined[-1][2] == 0:
            joined[-1] = (joined[-1][0], bounds[n + 1], 0)
        else:
            joined.append((bounds[n], bounds[n + 1], counts[n]))
    return joined


def _rules(runs: Sequence[Run]) -> tuple[Rule, ...]:
    """By count of findings. The parser's and compiler's are among them; errors and warnings of one rule are apart."""
    findings: Counter[tuple[str, str]] = Counter()
    programs: dict[tuple[str, str], dict[int, Run]] = defaultdict(dict)
    message: dict[tuple[str, str], str] = {}
    for number, run in enumerate(runs):
        for stage in run.report.stages:
            for item in stage.diagnostics:
                key = (item.rule, item.severity)
                findings[key] += 1
                programs[key][number] = run
                message.setdefault(key, item.message)
    return tuple(
        Rule(*key, message[key], count, tuple(programs[key].values())) for key, count in findings.most_common(60)
    )
