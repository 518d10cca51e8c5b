"""One stage of a recipe: its part of the YAML becomes a generator over its seeds, and runs until its target or budget."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from checkpoints import CheckpointError
from checkpoints import directory as checkpoints
from generators.attempts import Stage
from generators.catalog import entry_of
from generators.drive import Progress, drive
from generators.lab import Lab
from generators.options import OptionError, checked
from generators.quality.diversity import diversity
from generators.quality.guard import guard
from generators.reasons import Reason
from generators.seeds.load import Seeds, load
from generators.taken import Taken
from ledger import Ledger, facts
from ledger.facts import DiversityFigures, ReasonFacts, SeedFigures
from ledger.rows import EVALUATION, Status
from recipes import RecipeError
from recipes.names import stage_name
from recipes.schema import Generate
from sandbox import Proof

ATTEMPTS_PER_ROW = 200
"""Default attempts for each accepted row asked for: past that the checkpoint is too weak, and saying so beats running on."""


def stage_of(part: Generate, in_flight: int, seed: int = 0) -> tuple[Stage, Seeds[Any]]:
    """The stage that `part` describes, and its seeds with what was skipped of them. Raises RecipeError, SeedError."""
    entry = entry_of(part.generator)
    seeds = seeds_of(part, seed)
    try:
        options = checked(part.generator, entry.generator, part.options)
    except OptionError as error:
        raise RecipeError(str(error)) from None
    attempts = part.budget.attempts or (part.count * ATTEMPTS_PER_ROW if part.count else None)
    budget = part.budget.model_copy(update={"attempts": attempts})
    generator = partial(entry.generator, **options)
    return Stage(
        stage_name(part.generator),
        generator,
        seeds.items,
        part.samples,
        part.count,
        budget,
        in_flight,
        adaptive=part.allocation == "adaptive",
    ), seeds


def seeds_of(part: Generate, seed: int = 0) -> Seeds[Any]:
    """The seeds of a stage: the user's, or else the generator's own. Raises RecipeError, SeedError."""
    entry = entry_of(part.generator)
    ours = None if entry.fingerprint else entry.kind.ours
    paths = part.seeds or ([ours] if ours else [])
    if not paths:
        needs = entry.needs or entry.kind.needs
        raise RecipeError(f"{part.generator} brings no seeds of its own; name some with --seeds ({needs})")
    return load(entry.kind, paths, split=part.split, strict=part.strict, mix=part.mix, seed=seed)


async def generate(
    lab: Lab,
    part: Generate,
    in_flight: int,
    *,
    say: Callable[[str], None],
    watch: Callable[[Progress], None],
    seed: int = 0,
    taken: Taken | None = None,
) -> Progress:
    """Run one generation stage to its end. Rows count for its target by `taken`, which is told of those there are."""
    stage, seeds = stage_of(part, in_flight, seed)
    if complaint := seeds.complaint():
        say(complaint)
        await lab.ledger.record(facts.SKIPPED_SEEDS, complaint, stage.name)
    origin: SeedFigures = {
        "paths": [str(path) for path in part.seeds],
        "count": len(seeds.items),
        "licences": seeds.licences,
        "content": seeds.content,
    }
    _same_seeds(lab, stage.name, part, seeds.content)
    await lab.ledger.record(facts.SEEDS, origin, stage.name)
    wishes: dict[str, Any] = part.sampling.model_dump(exclude_none=True)
    entry = entry_of(part.generator)
    if entry.fingerprint:
        await _same_file(lab, stage.name, part.generator, entry.fingerprint)
    if entry.fingerprint and entry.reasons:
        await lab.ledger.record(facts.REASONS, _declared(entry.reasons), stage.name)
    prompts = lab.prompts.within(entry.prompts) if entry.prompts else lab.prompts
    lab = replace(lab, sampling=wishes, prompts=prompts, least_proof=Proof(part.least_proof))
    stage = replace(stage, laps=await _laps(lab, stage), taken=taken)
    if taken and stage.target is not None:
        for row in lab.ledger.rows(status=Status.accepted):
            if not row.stage.startswith(EVALUATION):
                taken.offer(row)
    progress = await drive(lab, stage, watch)
    if progress.left_out:
        reasons = ", ".join(f"{reason} {count:,}" for reason, count in progress.left_out.most_common() if count)
        say(f"{stage.name}: left out {progress.left_out.total():,} attempts that nobody judged ({reasons})")
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


def _declared(reasons: Iterable[type[Reason]]) -> dict[str, ReasonFacts]:
    """For the ledger, which is read where the file is not at hand."""
    return {
        str(reason): {"hurdle": reason.hurdle or "", "negative": reason.negative} for enum in reasons for reason in enum
    }


async def _laps(lab: Lab, stage: Stage) -> tuple[int, ...]:
    """By which laps the attempts are numbered: those that the run began with, and where its samples grew another one, so that
    every attempt keeps its number. Raises RecipeError where a count went on past the laps in steps that do not meet the samples.
    """
    known = lab.ledger.read(facts.LAPS, stage.name) or [stage.samples]
    more = stage.samples - sum(known)
    if more > 0 and stage.target is None:
        went_on = max(lab.ledger.attempts(stage.name), default=-1) >= len(stage.seeds) * sum(known)
        if went_on and more % known[-1]:
            raise RecipeError(
                f"samples: {stage.samples}: the run's --count went on by {known[-1]} a seed; give {sum(known)} and a multiple of that"
            )
        known = [*known, *([known[-1]] * (more // known[-1]) if went_on else [more])]
    await lab.ledger.record(facts.LAPS, known, stage.name)
    return tuple(known)


def _same_seeds(lab: Lab, stage: str, part: Generate, content: str) -> None:
    began = lab.ledger.read(facts.SEEDS, stage)
    known = began.get("content", "") if began else ""
    if known and known != content:
        paths = ", ".join(map(str, part.seeds)) or f"the seeds of {part.generator}"
        raise RecipeError(
            f"{paths}: not the seeds that this run began with ({known[:12]} then, {content[:12]} now), and its attempts are "
            "numbered over those; put them back as they were, or give another --out"
        )


async def _same_file(lab: Lab, stage: str, path: str, fingerprint: str) -> None:
    known = lab.ledger.read(facts.OWN_GENERATOR, stage)
    if known and known != fingerprint:
        raise RecipeError(
            f"{path}: has changed since this run began ({known} then, {fingerprint} now); give another --out, so that rows of "
            "two programs are not mixed"
        )
    await lab.ledger.record(facts.OWN_GENERATOR, fingerprint, stage)
