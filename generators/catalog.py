"""The generators by name, what each needs and makes, and how a recipe file's stage becomes one that can be driven."""

import asyncio
import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from checkpoints import CheckpointError
from checkpoints import directory as checkpoints
from generators import own
from generators.code.backtranslation import backtranslation
from generators.code.debugging import debugging
from generators.code.execution_feedback import execution_feedback
from generators.code.from_source import from_source
from generators.code.rejection_sampling import rejection_sampling
from generators.code.translation import translation
from generators.drive import Budget, Progress, Stage, drive
from generators.lab import Lab
from generators.math.code import math_code
from generators.math.mistakes import mistakes
from generators.math.problems import problems
from generators.math.solutions import solutions
from generators.math.steps import steps
from generators.math.tree import tree_search
from generators.options import OptionError, checked
from generators.quality.diversity import diversity
from generators.quality.guard import guard
from generators.seeds.load import SeedError, Seeds, licence_of_card, load
from generators.seeds.repository import survey
from ledger import Ledger, facts
from ledger.facts import DiversityFigures, SeedFigures
from recipes import RecipeError
from recipes.schema import Generate

ATTEMPTS_PER_ROW = 200
"""Default attempts for each accepted row asked for: past that the checkpoint is too weak, and saying so beats running on."""
REPOSITORY = "functions of a repository"
SEEDS = Path(__file__).resolve().parent.parent / "recipes" / "seeds"


@dataclass(frozen=True)
class Entry:
    """A generator."""

    generator: Callable[..., Any]
    """`async (lab, seed, *, options) -> Outcome`"""
    kind: str
    """Of its seeds: a key of `generators.seeds.load.KINDS`, or REPOSITORY."""
    default_seeds: Path | None
    needs: str
    makes: str
    tokens: int = 200
    """Mean output tokens of one attempt of the default checkpoint, measured; for `--dry-run`."""
    prompts: Path | None = None
    """A folder with templates of its own."""
    fingerprint: str = ""
    """Of the file of a generator that is not ours."""


CATALOG = {
    "code/execution-feedback": Entry(
        execution_feedback,
        "snippets",
        SEEDS / "python-snippets.jsonl",
        "code snippets (JSONL, Parquet, hf:NAME or a folder of source files)",
        "verified dialogues: problem, solution, feedback, revision",
        tokens=330,
    ),
    "code/rejection-sampling": Entry(
        rejection_sampling,
        "problems with tests",
        SEEDS / "python-problems.jsonl",
        "problems with tests (JSONL, Parquet or hf:NAME; MBPP's fields as they are)",
        "accepted answers for SFT, passes over fails for preference training",
        tokens=75,
    ),
    "code/translation": Entry(
        translation,
        "problems with tests",
        SEEDS / "python-problems.jsonl",
        "Python problems with tests and a reference solution",
        "programs in other languages that answer as their source does",
        tokens=60,
    ),
    "code/backtranslation": Entry(
        backtranslation,
        "snippets",
        SEEDS / "python-snippets.jsonl",
        "code snippets or source files, best whole functions",
        "documentation and explanations from which the code can be written again",
        tokens=200,
    ),
    "code/debugging": Entry(
        debugging,
        "problems with tests",
        SEEDS / "python-problems.jsonl",
        "Python problems with tests and a reference solution",
        "dialogues: a bug that fails a test, found, explained and mended",
        tokens=120,
    ),
    "code/from-source": Entry(
        from_source,
        REPOSITORY,
        SEEDS / "example-repository",
        "a folder of Python code, such as your own repository",
        "problems with tests and solutions, judged by the code itself",
        tokens=250,
    ),
    "math/problems": Entry(
        problems,
        "texts or skills",
        SEEDS / "math-skills.jsonl",
        "passages with quantities, or skills with examples (JSONL, Parquet or hf:NAME)",
        "new questions with the answer that most solutions reach",
        tokens=220,
    ),
    "math/solutions": Entry(
        solutions,
        "mathematics",
        SEEDS / "math-problems.jsonl",
        "questions, with or without answers (GSM8K's and MATH's fields as they are)",
        "right step-by-step solutions for SFT, right over wrong for preference training",
        tokens=230,
    ),
    "math/mistakes": Entry(
        mistakes,
        "mathematics",
        SEEDS / "math-problems.jsonl",
        "questions with answers",
        "dialogues: a wrong solution, the mistake named, the right solution",
        tokens=310,
    ),
    "math/code": Entry(
        math_code,
        "mathematics",
        SEEDS / "math-problems.jsonl",
        "questions, with or without answers",
        "solutions in words and Python whose programs were run and agree with the words",
        tokens=70,
    ),
    "math/steps": Entry(
        steps,
        "mathematics",
        SEEDS / "math-problems.jsonl",
        "questions with answers",
        "solutions with a label for each step, for a stepwise reward model",
        tokens=230,
    ),
    "math/tree": Entry(
        tree_search,
        "mathematics",
        SEEDS / "math-problems.jsonl",
        "questions with answers, the hardest",
        "solutions found by Monte-Carlo tree search where sampling finds none",
        tokens=280,
    ),
}


def entry_of(name: str) -> Entry:
    """The generator of that name, or of that file. Raises RecipeError."""
    if name.endswith(".py"):
        found = own.load_own(Path(name))
        return Entry(
            found.generator,
            found.kind,
            None,
            found.needs,
            found.makes,
            prompts=found.prompts,
            fingerprint=found.fingerprint,
        )
    if name not in CATALOG:
        close = difflib.get_close_matches(name, CATALOG, n=1)
        hint = f'; did you mean "{close[0]}"?' if close else "."
        raise RecipeError(
            f'"{name}" is no generator{hint} Known: {", ".join(CATALOG)}, or a file of your own, my_generator.py.'
        )
    return CATALOG[name]


def stage_of(part: Generate, in_flight: int, seed: int = 0) -> tuple[Stage, Seeds]:
    """The stage that `part` describes, and its seeds with what was skipped of them. Raises RecipeError, SeedError."""
    entry = entry_of(part.generator)
    seeds = seeds_of(part, seed)
    try:
        options = checked(part.generator, entry.generator, part.options)
    except OptionError as error:
        raise RecipeError(str(error)) from None
    attempts = part.budget.attempts or (part.count * ATTEMPTS_PER_ROW if part.count else None)
    budget = Budget(attempts, part.budget.tokens, part.budget.seconds)
    generator = partial(entry.generator, **options)
    return Stage(stage_name(part.generator), generator, seeds.items, part.samples, part.count, budget, in_flight), seeds


def stage_name(generator: str) -> str:
    """How rows of the generator are named: a file's path is none of the data's affair."""
    return f"own/{Path(generator).stem}" if generator.endswith(".py") else generator


def seeds_of(part: Generate, seed: int = 0) -> Seeds:
    """The seeds of a stage: the user's, or else the generator's own. Raises RecipeError, SeedError."""
    entry = entry_of(part.generator)
    paths = part.seeds or ([entry.default_seeds] if entry.default_seeds else [])
    if not paths:
        raise RecipeError(f"{part.generator} brings no seeds of its own; name some with --seeds ({entry.needs})")
    if entry.kind == REPOSITORY:
        return _functions_of(paths)
    return load(entry.kind, paths, split=part.split, strict=part.strict, mix=part.mix, seed=seed)


def _functions_of(paths: Sequence[Path]) -> Seeds:
    """The functions of repositories that can stand alone; those left out are told with their places."""
    found = [survey(path) for path in paths]
    functions = [function for taken, _ in found for function in taken]
    left_out = [reason for _, left in found for reason in left]
    if not functions:
        shown = "; ".join(f"{place}: {why}" for place, why in left_out[:3])
        raise SeedError(f"{paths[0]}: no function here can stand alone ({shown}); see docs/make-data/from-source.md")
    return Seeds(
        paths[0],
        functions,
        left_out,
        {licence_of_card(paths[0]): len(functions)},
        unit="functions that cannot stand alone",
    )


async def generate(
    lab: Lab,
    part: Generate,
    in_flight: int,
    *,
    say: Callable[[str], None],
    watch: Callable[[Progress], None],
    seed: int = 0,
) -> Progress:
    """Run one generation stage to its end."""
    stage, seeds = stage_of(part, in_flight, seed)
    if complaint := seeds.complaint():
        say(complaint)
        await lab.ledger.record(facts.SKIPPED_SEEDS, complaint, stage.name)
    origin: SeedFigures = {
        "paths": [str(path) for path in part.seeds],
        "count": len(seeds.items),
        "licences": seeds.licences,
    }
    await lab.ledger.record(facts.SEEDS, origin, stage.name)
    wishes: dict[str, Any] = part.sampling.model_dump(exclude_none=True)
    entry = entry_of(part.generator)
    if entry.fingerprint:
        await _same_file(lab, stage.name, part.generator, entry.fingerprint)
    prompts = lab.prompts.within(entry.prompts) if entry.prompts else lab.prompts
    progress = await drive(replace(lab, sampling=wishes, prompts=prompts), stage, watch)
    if warned := guard(lab.ledger, stage.name):
        await lab.ledger.record(facts.GUARD, warned, stage.name)
        if warned.get("alarm"):
            say(f"{stage.name}: {warned['alarm']}")
    await _record_diversity(lab, stage, say)
    return progress


async def _record_diversity(lab: Lab, stage: Stage, say: Callable[[str], None]) -> None:
    recorded = lab.ledger.read(facts.CHECKPOINT)
    at = recorded["path"] if recorded else ""
    try:
        checkpoint = None if not at or checkpoints.is_url(at) else checkpoints.find(at)
        found = await asyncio.to_thread(_diversity_of, lab.ledger.run_dir, stage, checkpoint)
    except CheckpointError as error:  # a checkpoint that hosts but has no token table we know: no reason to fail a run
        say(f"{stage.name}: no diversity figures: {error}")
        return
    await lab.ledger.record(facts.DIVERSITY, found, stage.name)
    if found.get("alarm"):
        say(f"{stage.name}: {found['alarm']}")


def _diversity_of(run_dir: Path, stage: Stage, checkpoint: Path | None) -> DiversityFigures:
    with Ledger(run_dir, readonly=True) as ledger:  # a connection belongs to its thread
        return diversity(ledger, stage.name, stage.seeds, checkpoint)


async def _same_file(lab: Lab, stage: str, path: str, fingerprint: str) -> None:
    known = lab.ledger.read(facts.OWN_GENERATOR, stage)
    if known and known != fingerprint:
        raise RecipeError(
            f"{path}: has changed since this run began ({known} then, {fingerprint} now); give another --out, so that rows of "
            "two programs are not mixed"
        )
    await lab.ledger.record(facts.OWN_GENERATOR, fingerprint, stage)
