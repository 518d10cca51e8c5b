"""Looks at everything a recipe names before anything of its run is made on disk: a typo then leaves no directory behind."""

import asyncio
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from alignment.dry_run import check_trainings
from alignment.tokens.conversations import load_format
from alignment.trainings import asked_for
from checkpoints import directory as checkpoints
from checkpoints.weights import is_reward_model, is_stepwise_model, refuse_other_weights, refuse_scorer
from curation.decontaminate.evaluations import read_items
from evaluation import problem_set
from generators.catalog import entry_of
from generators.seeds.load import SeedError
from generators.setup import checked_library
from generators.stage import stage_of
from ledger import Ledger
from ledger.rows import EVALUATION
from ledger.store import FILE
from recipes import RecipeError
from recipes.schema import Recipe
from recipes.trainings import Train
from rows.readers import RowsError
from sandbox import SandboxError, docker_problem
from serving import host
from serving.launch import prepare_environment, quiet_stderr

Find = Callable[[str], Path | None]
"""The directory of a checkpoint, or nothing where it is not here and is not fetched."""


def check_recipe(recipe: Recipe, out: Path = Path(), *, fetch: bool = False) -> list[str]:
    """Raises the packages' errors for a generator, option, seed file, template, benchmark or checkpoint that cannot be used, and for a
    training that cannot be, all but what its rows decide. Returns what could not be looked at, because nothing is fetched unless
    `fetch` says so. `out` is where the run would be.
    """
    trained = [training.name for training, _ in asked_for(recipe.train)]
    if trained and checkpoints.is_url(recipe.checkpoint):
        raise RecipeError(
            f"checkpoint: {recipe.checkpoint} is a server, and a server's weights cannot be trained (train: "
            f"{', '.join(trained)}); give a directory as checkpoint, or leave `train:` out"
        )
    if trained and not recipe.generate and not recipe.data.earlier:
        raise RecipeError(
            f"train: {', '.join(trained)}: there is nothing to train on; a recipe's trainings learn from what it generates, and "
            "from the rows of the runs in data.earlier"
        )
    checked_library(recipe)
    _check_data(recipe)
    if (own := [part for part in recipe.generate if part.checkpoint]) and checkpoints.is_url(recipe.checkpoint):
        raise RecipeError(
            f"{own[0].generator}: checkpoint: {recipe.checkpoint} is a server, which hosts what it hosts; leave it out"
        )
    for wanted in recipe.evaluate:
        problem_set(wanted)
    for part in recipe.generate:
        stage_of(part, recipe.serving.max_in_flight, recipe.seed)
    find = checkpoints.find if fetch else checkpoints.here
    _check_reward_models(recipe, find)
    if checkpoints.is_url(recipe.checkpoint):
        return []
    check_lengths(recipe, recipe.serving.max_model_len, "serving.max_model_len")
    return _check_checkpoints(recipe, out, find)


def _check_data(recipe: Recipe) -> None:
    """What is read when the data are made, hours later."""
    for path in recipe.data.decontaminate:
        if not path.exists():
            raise SeedError(f"data.decontaminate: {path}: no such file")
        try:
            for _ in read_items(path):
                pass
        except RowsError as error:
            raise SeedError(f"data.decontaminate: {error}") from None
    for path in recipe.data.earlier:
        if not (path / FILE).exists():
            raise RecipeError(f"data.earlier: {path}: not a run directory (no {FILE})")
        with Ledger(path, readonly=True) as run:
            if not any(not row.stage.startswith(EVALUATION) for row in run.rows()):
                mend = f"name its rounds: {path}/round-1" if (path / "round-1" / FILE).exists() else "leave it out"
                raise RecipeError(f"data.earlier: {path}: holds no rows of a generator; {mend}")


def check_lengths(recipe: Recipe, context: int, named: str) -> None:
    """Raises RecipeError where a text or an answer that was asked for does not fit into a context of so many tokens: each would be
    cut, and count as wrong.
    """
    for number, wanted in enumerate(recipe.evaluate):
        at = f"evaluate.{number}" if len(recipe.evaluate) > 1 else "evaluate"
        if wanted.longest and wanted.longest > context:
            raise RecipeError(
                f"{at}.longest: a text of {wanted.longest:,} tokens, and the context holds {context:,} ({named}); "
                f"give {at}.longest={context} or less"
            )
        _refuse_no_room(f"{at}.max_tokens", wanted.max_tokens, "max_tokens" in wanted.model_fields_set, context, named)
    for number, part in enumerate(recipe.generate):
        tokens = part.sampling.max_tokens
        _refuse_no_room(f"generate.{number}.sampling.max_tokens", tokens or 0, bool(tokens), context, named)


def _refuse_no_room(key: str, tokens: int, asked: bool, context: int, named: str) -> None:
    if asked and tokens >= context:
        raise RecipeError(
            f"{key}: an answer of {tokens:,} tokens, and the context holds {context:,} with its prompt ({named}); give less"
        )


def _check_checkpoints(recipe: Recipe, out: Path, find: Find) -> list[str]:
    """Whether each checkpoint that answers can be hosted in the other's place, and each training can start; those that `find` does
    not find are named.
    """
    others = [recipe.train_from, *(part.checkpoint for part in recipe.generate)]
    names = list(dict.fromkeys([recipe.checkpoint, *filter(None, others)]))
    found = {name: path for name in names if (path := find(name))}
    if find_spec("transformers") is None:
        return ["transformers is not installed in this Python, so weights, template and trainings are not checked"]
    prepare_environment(recipe.serving)  # before torch comes
    for name, path in found.items():
        refuse_scorer(path)
        context = checkpoints.context_of(path, recipe.serving.max_model_len)
        check_lengths(recipe, context, f"{name} has no more positions")
        with quiet_stderr():  # transformers draws a bar
            refuse_other_weights(path)
        load_format(path)
    hosted, start = found.get(recipe.checkpoint), found.get(recipe.train_from or recipe.checkpoint)
    for name, path in found.items():
        if hosted and not checkpoints.same_architecture(hosted, path):
            raise RecipeError(
                f"{name}: another architecture, tokenizer or end of an answer (eos_token_id) than {recipe.checkpoint}, in whose "
                "place it would be hosted"
            )
    if start and recipe.train != Train():
        check_trainings(recipe, start, out)
    missing = (name for name in names if name not in found)
    return [f"{name}: not on this disk yet, so its files and the trainings from it are not checked" for name in missing]


def _check_reward_models(recipe: Recipe, find: Find) -> None:
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
    path = find(recipe.reward_model) if recipe.reward_model else None
    if path and not is_reward_model(path):
        raise RecipeError(f"reward_model: {recipe.reward_model}: no reward model; `lab train reward` makes one")
    path = find(recipe.stepwise_model) if recipe.stepwise_model else None
    if path and not is_stepwise_model(path):
        raise RecipeError(
            f"stepwise_model: {recipe.stepwise_model}: no stepwise reward model; `lab train stepwise` makes one"
        )


def check_ready(recipe: Recipe, out: Path = Path(), *, programs: bool = True) -> None:
    """The same with what has to be fetched, and whether a server answers, and there is a sandbox to run `programs`."""
    check_recipe(recipe, out, fetch=True)
    if programs and (problem := docker_problem()):
        raise SandboxError(problem)
    if checkpoints.is_url(recipe.checkpoint) and (context := asyncio.run(_context_of_server(recipe))):
        check_lengths(recipe, context, f"{recipe.checkpoint} says so")


async def _context_of_server(recipe: Recipe) -> int:
    """Tokens; 0 where the server does not say."""
    async with host(recipe.checkpoint, recipe.serving, say=lambda text: None) as engine:
        return engine.max_model_len


def check_checkpoint(checkpoint: str) -> None:
    """Whether it can be hosted, or its server answers. Raises CheckpointError or ServingError."""

    async def reach() -> None:
        async with host(checkpoint, say=lambda text: None):
            pass

    if checkpoints.is_url(checkpoint):
        asyncio.run(reach())
    else:
        refuse_scorer(checkpoints.find(checkpoint))
