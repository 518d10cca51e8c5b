"""What `lab run --dry-run` estimates: tokens and time of each step, before anything is spent.

Tokens are upper bounds where a stage's size is fixed, and its budget where it is not; time uses the rates measured for the
default checkpoint on two cores (docs/measured/index.md), so it is an order of magnitude elsewhere.
"""

import math
from pathlib import Path
from typing import Any

from alignment.trainings import asked_for
from evaluation import problem_set
from generators.catalog import entry_of
from generators.seeds.kinds import MATHEMATICS, PROBLEMS
from generators.stage import stage_of
from ledger import Ledger, Status, facts
from ledger.rows import EVALUATION
from recipes.schema import Generate, Recipe
from recipes.trainings import TrainingSettings

CAPPED = (PROBLEMS.name, MATHEMATICS.name)
"""Kinds of seeds that are each one problem of the data sets."""
TOKENS_PER_S = 800.0
ANSWER_TOKENS = 75
"""Mean length of a code answer of the default checkpoint, measured."""
TRAINING_TOKENS_PER_S = 500.0
ROW_TOKENS = 150


def too_few_seeds(part: Generate, seeds: int, max_per_problem: int) -> str:
    """What of a count cannot be exported, for all that is accepted; empty where it can.

    Of one problem so many answers enter the SFT set; labelled steps enter another, and an own generator names its problems.
    """
    entry = entry_of(part.generator)
    capped = entry.kind.name in CAPPED and not entry.fingerprint and part.generator != "math/steps"
    most = seeds * max_per_problem
    if not capped or not part.count or part.count <= most:
        return ""
    return (
        f"of {seeds:,} seeds at most {most:,} rows are exported (data.max_per_problem {max_per_problem}): give more seeds, "
        f"or --set data.max_per_problem={-(-part.count // seeds)}"
    )


def estimate_rounds(recipe: Recipe) -> list[dict[str, Any]]:
    """The same, with the `round`, of all rounds: each trains on the rows of those before it as well, and does not ask its start
    once more what the round that made it has asked.
    """
    assert recipe.rounds
    return [
        {"round": number, **step}
        for number in range(1, recipe.rounds.count + 1)
        for step in estimate(recipe, number)
        if number == 1 or step["step"] != "evaluate start"
    ]


def estimate(recipe: Recipe, rounds: int = 1) -> list[dict[str, Any]]:
    """[{step, tokens, seconds, note}, ...] in the order of the run; trained on as many rows as so many `rounds` make."""
    steps: list[dict[str, Any]] = []
    evaluations = sum(len(problem_set(wanted).problems) * (1 + wanted.samples) for wanted in recipe.evaluate)
    if evaluations:
        steps.append(_evaluation("start", evaluations))
    rows = 0
    for part in recipe.generate:
        stage, seeds = stage_of(part, recipe.serving.max_in_flight, recipe.seed)
        each = entry_of(part.generator).tokens
        attempts = stage.total or 0
        most = stage.budget.seconds or math.inf
        tokens = min(attempts * each, stage.budget.tokens or math.inf, most * TOKENS_PER_S)
        seconds = min(tokens / TOKENS_PER_S, most)
        note = _ends(part, attempts)
        if few := too_few_seeds(part, len(seeds.items), recipe.data.max_per_problem):
            note += f"; {few}"
        steps.append({"step": f"generate {part.generator}", "tokens": round(tokens), "seconds": seconds, "note": note})
        rows += part.count or attempts // 5
    rows = rows * rounds + sum(map(_accepted, recipe.data.earlier))
    for training, _ in asked_for(recipe.train):
        variants = recipe.settings_of(training.name)
        for number, settings in enumerate(variants, 1):
            name = f"{training.name}-{number}" if len(variants) > 1 else training.name
            steps.append(_training(name, training.sequences, settings, rows))
        if evaluations and training.policy:
            steps.append(_evaluation(training.name, evaluations))
    return steps


def _ends(part: Generate, attempts: int) -> str:
    """What ends a stage, whichever comes first."""
    budgets = [f"{part.budget.tokens:,} tokens"] if part.budget.tokens else []
    budgets += [f"{part.budget.seconds:,g} s"] if part.budget.seconds else []
    if part.count:
        return f"{part.count:,} accepted rows, or at most {' or '.join([f'{attempts:,} attempts', *budgets])}"
    return f"{attempts:,} attempts" + (f", or at most {' or '.join(budgets)}" if budgets else "")


def _accepted(run: Path) -> int:
    """Rows that hold, of the generation stages of a run."""
    with Ledger(run, readonly=True) as ledger:
        stages = [stage for stage in ledger.all(facts.STAGE) if not stage.startswith(EVALUATION)]
        found = [ledger.counts(stage).items() for stage in stages]
    return sum(count for counts in found for (status, _), count in counts if status is Status.accepted)


def _training(name: str, sequences: int, settings: TrainingSettings, rows: int) -> dict[str, Any]:
    trained_on = settings.max_steps * settings.batch_size if settings.max_steps > 0 else rows * settings.epochs
    tokens = round(trained_on * ROW_TOKENS * sequences)
    much = (
        f"{settings.max_steps} step{'' if settings.max_steps == 1 else 's'}"
        if settings.max_steps > 0
        else f"{settings.epochs:g} epoch{'' if settings.epochs == 1 else 's'}"
    )
    return {
        "step": f"train {name}",
        "tokens": tokens,
        "seconds": tokens / TRAINING_TOKENS_PER_S,
        "note": f"about {rows} rows, {much}",
    }


def _evaluation(name: str, completions: int) -> dict[str, Any]:
    tokens = completions * ANSWER_TOKENS
    return {
        "step": f"evaluate {name}",
        "tokens": tokens,
        "seconds": tokens / TOKENS_PER_S,
        "note": f"{completions} completions",
    }
