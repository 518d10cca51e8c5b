"""Reads a YAML file, applies `--set path=value`, checks the tree by a model, and says what is wrong with its line.

Recipes of post-training and of pre-training and the settings of `lab train` all come through here. Reading needs PyYAML
alone; pydantic is imported where a tree is checked.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from recipes.errors import RecipeError

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

    Model = TypeVar("Model", bound=BaseModel)

EXPONENT = re.compile(r"[+-]?\d+(\.\d*)?[eE][+-]?\d+")
"""A number to everyone but YAML 1.1, which reads 1e-5 as text."""
PLACES = 2
"""Of a key that stands elsewhere in a recipe, the places told."""


def read(path: Path) -> tuple[dict[str, Any], str]:
    """(tree, source) of a YAML file of `name: value` lines. Raises RecipeError."""
    import yaml

    from recipes.reading.limits import parsed, text_of

    try:
        source = text_of(path)
        tree = parsed(source)
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise RecipeError(f"{path}:{mark.line + 1 if mark else 1}: {_in_words(error)}") from None
    if not isinstance(tree, dict):
        raise RecipeError(f"{path}:1: a recipe is `name: value` lines")
    return tree, source


_WORDS = (
    (
        r"expected <block end>, but found '(?:<block mapping start>|<scalar>|\?)'",
        "this line is indented otherwise than those it belongs to",
    ),
    (
        r"expected <block end>, but found '(?:<block sequence start>|-)'",
        "this `-` is indented otherwise than the list it belongs to",
    ),
    (
        r"mapping values are not allowed",
        "a second `: ` in one value, or a line that is indented too far; quote the value, or move the line",
    ),
    (r"could not find expected ':'", "a line without `: `, where `name: value` is expected"),
    (
        r"cannot start any token",
        "this line is indented by a tab, or begins with a sign that YAML keeps for itself; use spaces, or quote the value",
    ),
    (r"expected '[^']*' or '[\]}]'|but found '[\]}]'", "a bracket that is not closed, or closed where none is open"),
    (r"unexpected end of stream", "a quote that is opened here and closed nowhere"),
    (r"undefined alias", "an unquoted `*` at the start of a value; quote it"),
)
"""What the parser says in its own terms -> the same for whoever wrote the file."""


def _in_words(error: Any) -> str:
    said = str(getattr(error, "problem", None) or error)
    return next((words for pattern, words in _WORDS if re.search(pattern, said)), said)


def set_values(tree: dict[str, Any], overrides: Sequence[str], such_as: str) -> None:
    """Put each `path=value` into the tree, parts on the way made where missing. Raises RecipeError, with the example."""
    for override in overrides:
        _set(tree, override, such_as)


def checked(
    model: "type[Model]",
    tree: dict[str, Any],
    where: str,
    source: str = "",
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> "Model":
    """The tree as a `model`. Raises RecipeError, a line for each thing wrong, with its place in `source`.

    `renamed` holds keys that had another name once: the old, and the one that the model has now.
    """
    from pydantic import ValidationError

    try:
        return model.model_validate(tree)
    except ValidationError as error:
        told = [
            _explain(problem, model, tree, where, source, renamed)
            for problem in error.errors()
            if not _has_old_name(problem, renamed)
        ]
        raise RecipeError("\n".join(told)) from None


def refuse_nothing(tree: dict[str, Any], part: str, where: str, source: str, overrides: Sequence[str] = ()) -> None:
    """Raises RecipeError for a key under `part` without a value: who wrote it wants what it names, and nothing would be done. Of one
    that an override names, that says what is wanted.
    """
    under = tree.get(part)
    named = [override.partition("=")[0].strip() for override in overrides]
    for key, value in under.items() if isinstance(under, dict) and part not in named else ():
        if value is None and not any(f"{path}.".startswith(f"{part}.{key}.") for path in named):
            line, _ = _line_of([part, str(key)], source)
            raise RecipeError(
                f'{where}:{line}: "{part}.{key}" says nothing; write `{key}: {{}}` for its defaults, or take the line out'
            )


def beside(path: Path, folder: Path) -> Path:
    """The path as it is, or in the folder where it is only there: a recipe names what lies beside it."""
    return folder / path if not path.exists() and (folder / path).exists() else path


def _set(tree: dict[str, Any], override: str, such_as: str) -> None:
    import yaml

    from recipes.reading.limits import parsed

    path, equals, text = override.partition("=")
    keys = path.strip().split(".")
    if not equals or not all(keys):
        raise RecipeError(f"--set {override}: write it as {such_as}")
    try:
        value = parsed(text)
    except yaml.YAMLError:
        raise RecipeError(f"--set {override}: the value is not YAML") from None
    if isinstance(value, str) and EXPONENT.fullmatch(value):
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
        meant = ""
        if here and not key.isdecimal():
            before = override.partition("=")[0].partition(f".{key}")[0]
            meant = f"; did you mean {before}.0.{key}?"
        raise RecipeError(
            f'--set {override}: "{key}" is not one of the positions 0-{len(here) - 1} of this list{meant}'
        )
    return int(key)


def _explain(
    problem: "ErrorDetails",
    model: "type[BaseModel]",
    tree: dict[str, Any],
    where: str,
    source: str,
    renamed: Mapping[str, str],
) -> str:
    location = problem["loc"]
    keys = _keys_of(location, tree, missing=problem["type"] == "missing")
    name = ".".join(keys)
    line, whole = _line_of(keys, source)
    # A value of --set stands in no line; a missing one is missing where the part begins.
    place = f"{where}:{line}" if line and (whole or problem["type"] == "missing") else where
    if problem["type"] == "extra_forbidden":
        known = sorted(field.alias or name for name, field in _model_at(model, location[:-1]).model_fields.items())
        if (now := renamed.get(keys[-1])) in known:
            return f'{place}: "{name}": `{keys[-1]}` is now `{now}`'
        # a key of another part is no misspelling of one of this part
        meant = list(_places(model, keys[-1]))[:PLACES] or difflib.get_close_matches(keys[-1], known, n=1)
        told = " or ".join(f'"{place}"' for place in meant)
        hint = f"; did you mean {told}?" if told else "."
        return f'{place}: unknown key "{name}"{hint} Known here: {", ".join(known)}.'
    if problem["type"] == "missing":
        return f'{place}: "{name}" is needed'
    message = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "literal_error":
        message = "known: " + problem["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
    got = "" if problem["type"] == "value_error" else f" (got {problem['input']!r})"
    return f'{place}: "{name}": {message}{got}' if name else f"{where}: {message}{got}"


def _has_old_name(problem: "ErrorDetails", renamed: Mapping[str, str]) -> bool:
    """Whether a key is missing only because it stands there under the name it had once, which is told by itself."""
    given = problem["input"] if problem["type"] == "missing" and isinstance(problem["input"], dict) else {}
    return any(renamed.get(key) == problem["loc"][-1] for key in given)


def _keys_of(location: Sequence[str | int], tree: Any, *, missing: bool) -> list[str]:
    """The keys that the tree has on the way: a location also names the member of a union that was tried."""
    keys = []
    for number, part in enumerate(location):
        if isinstance(tree, dict):
            held = part in tree
        else:
            held = isinstance(tree, list) and isinstance(part, int) and part < len(tree)
        if held:
            tree = tree[part]
        if held or (missing and number == len(location) - 1):
            keys.append(str(part))
    return keys


def _model_at(model: "type[BaseModel]", location: Sequence[str | int]) -> "type[BaseModel]":
    here = [model]
    for part in location:
        tagged = [m for m in here if any(get_args(field.annotation) == (part,) for field in m.model_fields.values())]
        named = [field for m in here for name, field in m.model_fields.items() if part in (name, field.alias)]
        if len(here) > 1 and tagged:
            here = tagged
        elif named:
            here = list(_models_in(named[0].annotation)) or here
    return here[0]


def _places(model: "type[BaseModel]", key: str, depth: int = 4) -> Iterator[str]:
    """Where in the whole tree a key stands: `generate.0.sampling.temperature`; the nearest to the top first."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    if key in fields:
        yield key
    below = []
    for name, field in fields.items() if depth else ():
        listed = ".0" if "list[" in str(field.annotation) else ""
        for inner in _models_in(field.annotation):
            below += [f"{name}{listed}.{place}" for place in _places(inner, key, depth - 1)]
    yield from sorted(dict.fromkeys(below), key=lambda place: place.count("."))


def _models_in(annotation: Any) -> "Iterator[type[BaseModel]]":
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _line_of(keys: Sequence[str], source: str) -> tuple[int, bool]:
    """(line of the innermost of these keys that the YAML has, whether it has them all); line 0 where it has none."""
    import yaml

    from recipes.reading.limits import composed

    try:
        node = composed(source) if source else None
    except yaml.YAMLError:
        return 0, False
    line = 0
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == key), None)
            if found is None:
                return line, False
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and key.isdecimal() and int(key) < len(node.value):
            node = node.value[int(key)]
            line = node.start_mark.line + 1
        else:
            return line, False
    return line, True
