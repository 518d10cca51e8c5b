"""Reads a recipe file, applies `--set path=value`, and checks it against the schema."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from recipes.errors import RecipeError
from recipes.reading import tree as yaml_tree
from recipes.schema import RENAMED, Recipe


def load(path: Path, overrides: Sequence[str] = ()) -> Recipe:
    """The checked recipe of a YAML file. Paths in it are relative to the working directory, then to the file."""
    tree, source = yaml_tree.read(path)
    yaml_tree.refuse_nothing(tree, "train", str(path), source, overrides)
    return resolve(tree, overrides, where=str(path), source=source, folder=path.parent)


def resolve(
    tree: dict[str, Any],
    overrides: Sequence[str] = (),
    *,
    where: str = "recipe",
    source: str = "",
    folder: Path | None = None,
) -> Recipe:
    """Check a recipe given as plain data."""
    if "stages" in tree:
        raise RecipeError(f"{where}: this is a recipe of pre-training; run it with `lab train pretrain {where}`")
    yaml_tree.set_values(tree, overrides, "path=value, such as train.sft.lr=1e-5 or generate.0.count=20")
    recipe = _seeded(yaml_tree.checked(Recipe, tree, where, source, RENAMED))
    return _found_paths(recipe, folder) if folder else recipe


def recorded(plain: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe as an older run directory may hold it, under the names and with all the settings that there are now."""
    parts = [{RENAMED.get(key, key): value for key, value in part.items()} for part in plain.get("generate", [])]
    now = {**plain, "generate": parts} if parts else dict(plain)
    try:
        return resolve(now).to_plain()
    except RecipeError:  # of another version: to be compared and shown, not to be run
        return now


def _seeded(recipe: Recipe) -> Recipe:
    """Trainings without a seed of their own have the recipe's."""
    without = {
        name: settings for name, settings in recipe.train if settings and "seed" not in settings.model_fields_set
    }
    seeded = {name: settings.model_copy(update={"seed": recipe.seed}) for name, settings in without.items()}
    return recipe.model_copy(update={"train": recipe.train.model_copy(update=seeded)})


def _found_paths(recipe: Recipe, folder: Path) -> Recipe:
    """Seeds, prompts and own generators named relative to the recipe's folder are found there, whatever the working directory."""

    def found(path: Path | None) -> Path | None:
        return path and yaml_tree.beside(path, folder)

    generate = []
    for stage in recipe.generate:
        own = str(found(Path(stage.generator))) if stage.generator.endswith(".py") else stage.generator
        seeds = [found(path) for path in stage.seeds]
        generate.append(stage.model_copy(update={"seeds": seeds, "generator": own}))
    evaluate = [part.model_copy(update={"problems": found(part.problems)}) for part in recipe.evaluate]
    paths = {name: [found(path) for path in getattr(recipe.data, name)] for name in ("decontaminate", "earlier")}
    data = recipe.data.model_copy(update=paths)
    return recipe.model_copy(
        update={"data": data, "generate": generate, "evaluate": evaluate, "prompts": found(recipe.prompts)}
    )
