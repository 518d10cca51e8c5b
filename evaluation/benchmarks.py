"""Runs a benchmark of problems with tests. It is the rejection-sampling generator, so it is durable and explained alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluation.statistics import Score, score
from generators.code.rejection_sampling import rejection_sampling
from generators.drive import Progress, Stage, drive
from generators.lab import Lab
from generators.seeds import Problem
from ledger import Ledger, Status


@dataclass(frozen=True)
class EvalSettings:
    """How to sample a benchmark. Greedy by default: one answer a problem, the same every time up to kernel noise."""

    temperature: float = 0.0
    samples: int = 1
    max_tokens: int = 512


async def evaluate(
    lab: Lab,
    name: str,
    benchmark: str,
    problems: Sequence[Problem],
    settings: EvalSettings,
    *,
    in_flight: int = 128,
    watch: Callable[[Progress], None] = lambda progress: None,
) -> Score:
    """Score the hosted checkpoint; `name` tells its rows from those of other checkpoints in the same ledger."""
    sampling: dict[str, Any] = {"temperature": settings.temperature, "max_tokens": settings.max_tokens}
    stage = Stage(f"eval:{name}", rejection_sampling, problems, settings.samples, in_flight=in_flight)
    await drive(replace(lab, sampling=sampling, lint=False), stage, watch)
    return score(benchmark, passes(lab.ledger, stage.name), {problem.id: problem.difficulty for problem in problems})


def passes(ledger: Ledger, stage: str) -> Mapping[str, list[bool]]:
    """problem -> whether each of its samples passed."""
    found: dict[str, list[bool]] = {}
    for row in ledger.rows(stage):
        found.setdefault(row.seed_id, []).append(row.status is Status.accepted)
    return found
