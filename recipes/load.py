"""Reads a recipe file, applies `--set path=value`, and says what is wrong with line and suggestion."""

import contextlib
import difflib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from recipes.schema import RENAMED, Generate, Recipe


class RecipeError(Exception):
    """A recipe cannot be used; the message names file, line, field and the mend."""


def load(path: Path, overrides: Sequence[str] = ()) -> Recipe:
    """The checked recipe of a YAML file. Paths in it are relative to the working directory, then to the file."""
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: cannot be read: {error}") from None
    try:
        tree = yaml.safe_load(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise RecipeError(f"{path}:{mark.line + 1 if mark else 1}: {getattr(error, 'problem', error)}") from None
    if not isinstance(tree, dict):
        raise RecipeError(f"{path}:1: a recipe is `name: value` lines")
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
    for override in overrides:
        _set(tree, override)
    try:
        recipe = Recipe.model_validate(tree)
    except ValidationError as error:
        told = (_explain(problem, where, source) for problem in error.errors() if not _has_old_name(problem))
        raise RecipeError("\n".join(told)) from None
    return _found_paths(recipe, folder) if folder else recipe


def recorded(plain: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe as an older run directory may hold it, under the names that its keys have now."""
    parts = [{RENAMED.get(key, key): value for key, value in part.items()} for part in plain.get("generate", [])]
    return {**plain, "generate": parts} if parts else dict(plain)


def _set(tree: dict[str, Any], override: str) -> None:
    path, equals, text = override.partition("=")
    keys = path.strip().split(".")
    if not equals or not all(keys):
        raise RecipeError(f"--set {override}: write it as path=value, such as train.sft.lr=1e-5 or generate.0.count=20")
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        raise RecipeError(f"--set {override}: the value is not YAML") from None
    if isinstance(value, str):  # YAML 1.1 reads 1e-5 as text
        with contextlib.suppress(ValueError):
            value = float(value)
    here: Any = tree
    for key in keys[:-1]:
        here = _step(here, key, override)
    if isinstance(here, list):
        here[_index(here, keys[-1], override)] = value
    elif isinstance(here, dict):
        here[keys[-1]] = value
    else:
        raise RecipeError(f'--set {override}: there is nothing under "{keys[-2]}" to set')


def _step(here: Any, key: str, override: str) -> Any:
    if isinstance(here, list):
        return here[_index(here, key, override)]
    if not isinstance(here, dict):
        raise RecipeError(f'--set {override}: nothing under "{key}" to set')
    if here.get(key) is None:
        here[key] = {}
    return here[key]


def _index(here: list[Any], key: str, override: str) -> int:
    if not key.isdecimal() or int(key) >= len(here):
        raise RecipeError(f'--set {override}: "{key}" is not one of the positions 0-{len(here) - 1} of this list')
    return int(key)


def _explain(problem: Any, where: str, source: str) -> str:
    path = ".".join(str(part) for part in problem["loc"])
    line = _line_of([str(part) for part in problem["loc"]], source)
    place = f"{where}:{line}" if line else where
    if problem["type"] == "extra_forbidden":
        model = _model_at(problem["loc"][:-1])
        if model is Generate and (now := RENAMED.get(str(problem["loc"][-1]))):
            return f'{place}: "{path}": `{problem["loc"][-1]}` is now `{now}`'
        known = sorted(model.model_fields)
        close = difflib.get_close_matches(str(problem["loc"][-1]), known, n=1)
        hint = f'; did you mean "{close[0]}"?' if close else ""
        return f'{place}: unknown key "{path}"{hint} Known here: {", ".join(known)}.'
    if problem["type"] == "missing":
        return f'{place}: "{path}" is needed'
    return f'{place}: "{path}": {problem["msg"]} (got {problem["input"]!r})'


def _has_old_name(problem: Any) -> bool:
    """Whether a key is missing only because it stands there under the name it had once, which is told by itself."""
    given = problem["input"] if problem["type"] == "missing" and isinstance(problem["input"], dict) else {}
    return any(RENAMED.get(key) == problem["loc"][-1] for key in given)


def _model_at(location: Sequence[Any]) -> type[BaseModel]:
    model: type[BaseModel] = Recipe
    for part in location:
        if isinstance(part, int):
            continue
        annotation = model.model_fields[part].annotation
        inner = [annotation, *get_args(annotation)]
        model = next((t for t in inner if isinstance(t, type) and issubclass(t, BaseModel)), model)
    return model


def _line_of(keys: list[str], source: str) -> int:
    """The line of the innermost key that the YAML has; 0 where there is none (a value of --set)."""
    try:
        node = yaml.compose(source) if source else None
    except yaml.YAMLError:
        return 0
    line = 0
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == key), None)
            if found is None:
                return line if key != keys[-1] else 0
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and key.isdecimal() and int(key) < len(node.value):
            node = node.value[int(key)]
            line = node.start_mark.line + 1
    return line


def _found_paths(recipe: Recipe, folder: Path) -> Recipe:
    """Seeds, prompts and own generators named relative to the recipe's folder are found there, whatever the working directory."""

    def found(path: Path | None) -> Path | None:
        return (
            folder / path
            if path and not path.is_absolute() and not path.exists() and (folder / path).exists()
            else path
        )

    generate = []
    for stage in recipe.generate:
        own = str(found(Path(stage.generator))) if stage.generator.endswith(".py") else stage.generator
        seeds = [found(path) for path in stage.seeds]
        generate.append(stage.model_copy(update={"seeds": seeds, "generator": own}))
    evaluate = recipe.evaluate and recipe.evaluate.model_copy(update={"problems": found(recipe.evaluate.problems)})
    data = recipe.data.model_copy(update={"decontaminate": [found(path) for path in recipe.data.decontaminate]})
    return recipe.model_copy(
        update={"data": data, "generate": generate, "evaluate": evaluate, "prompts": found(recipe.prompts)}
    )
