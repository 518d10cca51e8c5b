"""Looks at everything a recipe names before anything of its run is made on disk: a typo then leaves no directory behind."""

import asyncio

from alignment.trainings import asked_for
from checkpoints import directory as checkpoints
from checkpoints.weights import is_reward_model, is_stepwise_model, refuse_scorer
from evaluation import problem_set
from generators.catalog import entry_of
from generators.seeds.load import SeedError
from generators.setup import checked_library
from generators.stage import stage_of
from ledger.store import FILE
from recipes import RecipeError
from recipes.schema import Recipe, Serving
from sandbox import SandboxError, docker_problem
from serving import host


def check_recipe(recipe: Recipe) -> None:
    """Raises the packages' errors for a generator, option, seed file, template or benchmark that cannot be used, and for a
    training that cannot be.
    """
    trained = [training.name for training, _ in asked_for(recipe.train)]
    if trained and checkpoints.is_url(recipe.checkpoint):
        raise RecipeError(
            f"checkpoint: {recipe.checkpoint} is a server, and a server's weights cannot be trained (train: "
            f"{', '.join(trained)}); give a directory as checkpoint, or leave `train:` out"
        )
    if trained and not recipe.generate:
        raise RecipeError(
            f"train: {', '.join(trained)}: there is nothing to train on; a recipe's trainings learn from what it generates"
        )
    checked_library(recipe)
    for path in recipe.data.decontaminate:
        if not path.exists():
            raise SeedError(f"data.decontaminate: {path}: no such file")
    for path in recipe.data.earlier:
        if not (path / FILE).exists():
            raise RecipeError(f"data.earlier: {path}: not a run directory (no {FILE})")
    if (own := [part for part in recipe.generate if part.checkpoint]) and checkpoints.is_url(recipe.checkpoint):
        raise RecipeError(
            f"{own[0].generator}: checkpoint: {recipe.checkpoint} is a server, which hosts what it hosts; leave it out"
        )
    for wanted in recipe.evaluate:
        problem_set(wanted)
    for part in recipe.generate:
        stage_of(part, recipe.serving.max_in_flight, recipe.seed)
    _check_reward_models(recipe)


def _check_reward_models(recipe: Recipe) -> None:
    needs = {part.generator: entry_of(part.generator).scorer for part in recipe.generate}
    if must := [name for name, need in needs.items() if need == "must" and not recipe.reward_model]:
        raise RecipeError(
            f"{', '.join(must)}: chooses by a reward model and the recipe names none; give reward_model: DIR (`--reward-model`), "
            "which `lab train reward` makes"
        )
    asked = [wanted.name for wanted in recipe.evaluate if wanted.best_of]
    if asked and not recipe.reward_model:
        raise RecipeError(
            f"evaluate.best_of of {asked[0]} is by a reward model; give reward_model: DIR (`--reward-model`)"
        )
    if recipe.reward_model and recipe.generate and not any(needs.values()) and not asked:
        raise RecipeError(f"reward_model: none of {', '.join(needs)} chooses by one; leave it out")
    uses = [part for part in recipe.generate if entry_of(part.generator).step_scorer]
    if recipe.stepwise_model and recipe.generate and not uses:
        raise RecipeError(
            f"stepwise_model: none of {', '.join(needs)} takes one, as math/tree and math/solutions do; leave it out"
        )
    if recipe.stepwise_model and (two := next((part for part in uses if part.options.get("scorer")), None)):
        raise RecipeError(f"{two.generator}: option scorer and stepwise_model both steer it; leave one out")
    if recipe.reward_model and not is_reward_model(checkpoints.find(recipe.reward_model)):
        raise RecipeError(f"reward_model: {recipe.reward_model}: no reward model; `lab train reward` makes one")
    if recipe.stepwise_model and not is_stepwise_model(checkpoints.find(recipe.stepwise_model)):
        raise RecipeError(
            f"stepwise_model: {recipe.stepwise_model}: no stepwise reward model; `lab train stepwise` makes one"
        )


def check_ready(recipe: Recipe, *, programs: bool = True) -> None:
    """The same, and whether the checkpoint can be hosted or its server answers, and there is a sandbox to run `programs`."""
    check_recipe(recipe)
    if not checkpoints.is_url(recipe.checkpoint):
        check_checkpoint(recipe.checkpoint)
        if recipe.train_from:
            checkpoints.find(recipe.train_from)
        for part in recipe.generate:
            if part.checkpoint:
                refuse_scorer(checkpoints.find(part.checkpoint))
    if programs and (problem := docker_problem()):
        raise SandboxError(problem)
    if checkpoints.is_url(recipe.checkpoint):
        check_checkpoint(recipe.checkpoint, recipe.serving)


def check_checkpoint(checkpoint: str, serving: Serving | None = None) -> None:
    """Whether it can be hosted, or its server answers. Raises CheckpointError or ServingError."""

    async def reach() -> None:
        async with host(checkpoint, serving, say=lambda text: None):
            pass

    if checkpoints.is_url(checkpoint):
        asyncio.run(reach())
    else:
        refuse_scorer(checkpoints.find(checkpoint))
