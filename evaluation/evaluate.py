"""Holds a checkpoint to a benchmark. An evaluation is a stage like any other, so it is durable and explained alike."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from evaluation.errors import EvaluationError
from evaluation.problems import ProblemSet
from evaluation.statistics import Comparison, Score, compare
from generators.drive import Progress, Stage, drive
from generators.lab import Lab
from ledger import Ledger, Status
from ledger.rows import EVALUATION
from recipes.schema import Evaluate
from sandbox import Proof


async def evaluate(
    lab: Lab,
    name: str,
    problem_set: ProblemSet,
    wanted: Evaluate,
    *,
    in_flight: int = 128,
    watch: Callable[[Progress], None] = lambda progress: None,
) -> Score:
    """Score the hosted checkpoint, sampled as `wanted` says; `name` tells its rows from those of other checkpoints in the same ledger.

    The linter reports but does not refuse: a benchmark is decided by its tests alone.
    """
    sampling: dict[str, Any] = {"temperature": wanted.temperature, "max_tokens": wanted.max_tokens}
    benchmark, problems = problem_set.benchmark, problem_set.problems
    stage = Stage(stage_name(name), benchmark.attempt, problems, wanted.samples, in_flight=in_flight)
    least = Proof(wanted.least_proof)
    await drive(replace(lab, sampling=sampling, lint=False, least_proof=least), stage, watch)
    difficulty = {problem.id: str(getattr(problem, "difficulty", "")) for problem in problems}
    return benchmark.metric(problem_set.title, passes(lab.ledger, name), difficulty)


def stage_name(name: str) -> str:
    """Under which the ledger keeps the rows of the checkpoint `name`."""
    return f"{EVALUATION}{name}"


def passes(ledger: Ledger, name: str) -> Mapping[str, list[bool]]:
    """problem -> whether each of its samples is right, of the checkpoint `name`."""
    found: dict[str, list[bool]] = {}
    for row in ledger.rows(stage_name(name)):
        found.setdefault(row.seed_id, []).append(row.status is Status.accepted)
    return found


def compare_within(ledger: Ledger, before: str, after: str) -> Comparison:
    """Two checkpoints that one run evaluated, problem by problem."""
    return compare(passes(ledger, before), passes(ledger, after))


def compare_runs(before: Ledger, after: Ledger, name: str = "start") -> Comparison:
    """The checkpoints of two runs of `lab eval`, over the problems that both have.

    Raises EvaluationError where they share none, or call two different problems by one number.
    """
    one, other = (_tasks(ledger, name) for ledger in (before, after))
    shared = one.keys() & other.keys()
    if not shared:
        raise EvaluationError(
            f"{before.run_dir} holds no evaluation of these problems, so there is nothing to compare with; "
            "`lab eval CHECKPOINT` with the same --problems makes one"
        )
    for problem in sorted(shared):
        if one[problem] and other[problem] and one[problem] != other[problem]:
            raise EvaluationError(
                f"{before.run_dir}: its problem {problem} is another one, so it evaluated another file; "
                "compare evaluations of the same --problems"
            )
    return compare(passes(before, name), passes(after, name))


def _tasks(ledger: Ledger, name: str) -> dict[str, str]:
    """problem -> its words; empty where the attempt ended before it was asked."""
    return {row.seed_id: row.sample.problem for row in ledger.rows(stage_name(name))}
