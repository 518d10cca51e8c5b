"""The generation recipes by name, what each needs and makes, and how a recipe file's stage becomes one that can be driven."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generators.code.execution_feedback import execution_feedback
from generators.code.rejection_sampling import rejection_sampling
from generators.drive import Budget, Generator, Progress, Stage, drive
from generators.lab import Lab
from generators.seeds import Seeds, load_problems, load_snippets
from recipes.schema import Generate

ATTEMPTS_PER_ROW = 200
"""Default attempts for each accepted row asked for: past that the checkpoint is too weak, and saying so beats running on."""
SEEDS = Path(__file__).resolve().parent.parent / "recipes" / "seeds"


@dataclass(frozen=True)
class Entry:
    """A generation recipe."""

    generator: Generator
    load: Callable[[Generate], Seeds]
    default_seeds: Path
    needs: str
    makes: str


CATALOG = {
    "code/execution-feedback": Entry(
        execution_feedback,
        lambda part: load_snippets(part.seeds, strict=part.strict),
        SEEDS / "python-snippets.jsonl",
        "code snippets (JSONL, Parquet or a folder of .py files)",
        "verified dialogues: problem, solution, feedback, revision",
    ),
    "code/rejection-sampling": Entry(
        rejection_sampling,
        lambda part: load_problems(part.seeds, split=part.split, strict=part.strict),
        SEEDS / "python-problems.jsonl",
        "problems with tests (JSONL or Parquet; MBPP's fields as they are)",
        "accepted answers for SFT, passes over fails for preference training",
    ),
}


def stage_of(part: Generate, in_flight: int) -> tuple[Stage, Seeds]:
    """The stage that `part` describes, and its seeds with what was skipped of them."""
    entry = CATALOG[part.recipe]
    seeds = entry.load(part)
    attempts = part.budget.attempts or (part.count * ATTEMPTS_PER_ROW if part.count else None)
    budget = Budget(attempts, part.budget.tokens, part.budget.seconds)
    return Stage(part.recipe, entry.generator, seeds.items, part.samples, part.count, budget, in_flight), seeds


async def generate(
    lab: Lab, part: Generate, in_flight: int, *, say: Callable[[str], None], watch: Callable[[Progress], None]
) -> Progress:
    """Run one generation stage to its end."""
    stage, seeds = stage_of(part, in_flight)
    if complaint := seeds.complaint():
        say(complaint)
        await lab.ledger.record_fact(f"skipped_seeds:{stage.name}", complaint)
    wishes: dict[str, Any] = part.sampling.model_dump(exclude_none=True)
    return await drive(replace(lab, sampling=wishes, repairs=part.repairs), stage, watch)
