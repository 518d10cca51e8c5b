"""A generator of the user's: one file with one public async function, `(lab, seed, *, options) -> Outcome`.

The file is the user's own program and runs as such, like a script they start. docs/make-data/write-a-generator.md has an example.
"""

import hashlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

from generators.options import OptionError, options_of
from generators.reasons import Reason
from generators.seeds.kinds import Kind, kind_of
from recipes import RecipeError
from rows.places import open_regular


@dataclass(frozen=True)
class OwnGenerator:
    """What was found in the file."""

    generator: Callable[..., Any]
    kind: Kind[Any]
    """Of its seeds, by the annotation of its second parameter."""
    makes: str
    """The first line of its docstring."""
    prompts: Path | None
    """A folder `prompts/` beside the file."""
    fingerprint: str
    reasons: tuple[type[Reason], ...]
    """Enums of reasons that the file declares."""


def load_own(path: Path) -> OwnGenerator:
    """Read a generator's file. Raises RecipeError with file, line and the mend."""
    try:
        with open_regular(path) as file:
            source = file.read()
    except OSError as error:
        raise RecipeError(
            f"{path}: cannot be read: {error.strerror or error}; a generator is a name of --list or a .py file"
        ) from None
    fingerprint = hashlib.sha256(source).hexdigest()[:12]
    module = _imported(path, fingerprint)
    found = [
        function
        for name, function in vars(module).items()
        if inspect.iscoroutinefunction(function) and not name.startswith("_") and function.__module__ == module.__name__
    ]
    if len(found) != 1:
        names = ", ".join(function.__name__ for function in found) or "none"
        raise RecipeError(
            f"{path}: needs exactly one public `async def name(lab, seed)`, and has {len(found)} ({names}); begin the names "
            "of the others with an underscore"
        )
    generator = found[0]
    line = generator.__code__.co_firstlineno
    positional = [p.name for p in inspect.signature(generator).parameters.values() if p.kind is not p.KEYWORD_ONLY]
    if len(positional) != 2:
        raise RecipeError(
            f"{path}:{line}: `{generator.__name__}` takes {positional}; it must take (lab, seed), then `*` and options"
        )
    try:
        options_of(generator)
    except OptionError as error:
        raise RecipeError(f"{path}:{line}: {error}") from None
    kind = kind_of(_annotation(generator, positional[1], path, line))
    makes = (inspect.getdoc(generator) or "rows of your own").split("\n")[0]
    prompts = path.parent / "prompts"
    reasons = tuple(
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Reason) and found.__module__ == module.__name__
    )
    return OwnGenerator(generator, kind, makes, prompts if prompts.is_dir() else None, fingerprint, reasons)


def _annotation(generator: Callable[..., Any], name: str, path: Path, line: int) -> Any:
    try:
        return get_type_hints(generator).get(name)
    except (NameError, TypeError, AttributeError) as error:
        raise RecipeError(f"{path}:{line}: the annotation of `{name}` cannot be read: {error}") from None


def _imported(path: Path, fingerprint: str) -> ModuleType:
    name = f"lab_own_{fingerprint}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RecipeError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # whatever the user's file does
        del sys.modules[name]
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else frames[-1].lineno if frames else 1
        raise RecipeError(f"{path}:{line}: {type(error).__name__}: {error}{_beside(error, path)}") from None
    return module


def _beside(error: BaseException, path: Path) -> str:
    """The mend where a file was looked for that lies beside the generator's: only that one is watched for changes."""
    name = error.name if isinstance(error, ModuleNotFoundError) else None
    if name is None or not ((path.parent / f"{name}.py").exists() or (path.parent / name).is_dir()):
        return ""
    return f"; a generator is one file: put what it needs of {name} into it, or name {name}'s folder in PYTHONPATH"
