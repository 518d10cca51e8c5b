"""Writes a checkpoint: the weights of a model in memory, and all else as the checkpoint has it that it was made from."""

import json
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from checkpoints.files import read_object

COPIED = (".json", ".jinja", ".model", ".txt")
HOW_MADE = ("training.json", "job.json", "request.json", "average.json", "placed.json")
"""What tells how a checkpoint was made: no part of it, and not true of what is made from it."""


def write_like(
    model: Any,
    start: Path,
    out: Path,
    *,
    draft: Path,
    leave: Collection[str] = (),
    changed: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> None:
    """A plain bf16 Hugging Face checkpoint in `out`: the weights of a transformers `model`, every other file as `start` has it.

    Written into `draft`, a folder of the same file system that is emptied first, and moved file by file: no file of `out`
    is ever half written. `leave` names files of `start` that are no part of a checkpoint; `changed` has, by file, the keys of
    its JSON that the new checkpoint says otherwise. The model is bf16 afterwards.
    """
    import torch

    shutil.rmtree(draft, ignore_errors=True)
    model.to(torch.bfloat16).save_pretrained(draft)
    (draft / "generation_config.json").unlink(missing_ok=True)
    copy_others(start, draft, leave={"config.json", *leave})
    config = read_object(start / "config.json")
    config.pop("torch_dtype", None)
    (draft / "config.json").write_text(json.dumps({**config, "dtype": "bfloat16"}, indent=2) + "\n")
    for name, keys in changed.items():
        if (path := draft / name).exists():
            path.write_text(json.dumps({**read_object(path), **keys}, indent=2, ensure_ascii=False) + "\n")
    for path in draft.iterdir():
        path.chmod(0o644)
        path.replace(out / path.name)


def copy_others(start: Path, folder: Path, *, leave: Collection[str] = ()) -> None:
    """Copy what a checkpoint has beside its weights into a folder, but how it was made, and the files that `leave` names."""
    for path in start.iterdir():
        copied = path.is_file() and path.suffix in COPIED and "safetensors" not in path.name
        if copied and path.name not in (*HOW_MADE, *leave):
            shutil.copyfile(path, folder / path.name)
