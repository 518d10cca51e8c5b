"""The files of a checkpoint's directory, which may be anybody's: looked at within limits before a library reads them without."""

import json
import stat
from functools import lru_cache
from pathlib import Path
from typing import Any

from checkpoints.errors import CheckpointError

LARGEST = 128 << 20
"""Bytes of a file that is read whole; the tokenizers of the largest vocabularies have some forty million."""
DEEPEST = 100
"""Lists and objects within one another."""
OBJECTS = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "model.safetensors.index.json",
)
READ = (".json", ".jinja", ".txt", ".model", ".safetensors")


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object that a file holds. Raises CheckpointError: missing, no file, too large, nested too deep, no object."""
    try:
        _refuse_odd(path)
        value = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise CheckpointError(f"{path}: missing; a checkpoint is a Hugging Face directory") from None
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path}: not readable JSON: {getattr(error, 'strerror', None) or error}") from None
    except RecursionError:
        raise CheckpointError(f"{path}: not readable JSON: nested more than {DEEPEST} deep") from None
    if not isinstance(value, dict):
        raise CheckpointError(f"{path}: not a JSON object")
    if _deeper(value):
        raise CheckpointError(f"{path}: not readable JSON: nested more than {DEEPEST} deep")
    return value


def shards_of(index: Path) -> list[Path]:
    """The files of weights that model.safetensors.index.json names, in its own folder whatever it says. Raises
    CheckpointError.
    """
    names = read_object(index).get("weight_map")
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise CheckpointError(f'{index}: "weight_map" is not an object of file names; copy it again')
    return [index.with_name(Path(name).name or "?") for name in sorted(set(names.values()))]


def refuse_unreadable(folder: Path) -> None:
    """Raises CheckpointError for the first file of a checkpoint or a tokenizer that a library should not be let read: a pipe, a
    folder or a device in a file's place, text without end, JSON that is none or too deep.
    """
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix in READ)
        for path in found:
            _refuse_odd(path, path.suffix != ".safetensors")
        objects = [(path, path.stat()) for path in found if path.name in OBJECTS]
    except OSError as error:
        raise CheckpointError(f"{error.filename or folder}: cannot be read: {error.strerror}") from None
    for path, seen in objects:
        _refuse_no_object(path, seen.st_ino, seen.st_size, seen.st_mtime_ns)


@lru_cache(512)
def _refuse_no_object(path: Path, *_seen: int) -> None:
    """Once for each content: a command looks at a checkpoint several times, and a tokenizer has some hundred thousand lines."""
    read_object(path)


def read_tokenizer(folder: Path) -> Any:
    """The tokenizer as transformers makes it. Raises CheckpointError."""
    from transformers import AutoTokenizer

    refuse_unreadable(folder)
    try:
        return AutoTokenizer.from_pretrained(str(folder))
    except Exception as error:  # of any kind, down to TypeError: it trusts what the files say
        raise CheckpointError(f"{folder}: its tokenizer does not load: {_first_line(error)}; copy it again") from None


def read_plain_tokenizer(folder: Path) -> Any:
    """tokenizer.json alone, as the `tokenizers.Tokenizer` that it is. Raises CheckpointError."""
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    read_object(path)
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises bare Exception
        raise CheckpointError(f"{path}: not a tokenizer: {_first_line(error)}") from None


def _refuse_odd(path: Path, whole: bool = True) -> None:
    """Raises CheckpointError where the path leads to no file, or to one too large to be read whole; OSError where to nothing."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise CheckpointError(f"{path}: a folder, a pipe, a device or the like, no file")
    if whole and found.st_size > LARGEST:
        raise CheckpointError(f"{path}: larger than {LARGEST >> 20} MiB, which no such file is")


def _deeper(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        held = (item for holder in level for item in (holder.values() if isinstance(holder, dict) else holder))
        level = [item for item in held if isinstance(item, dict | list)]
    return bool(level)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
