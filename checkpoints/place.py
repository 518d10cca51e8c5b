"""Puts a copy of a checkpoint at another place: no links, so that whoever changes the one leaves the other as it is."""

import json
import shutil
from pathlib import Path

from checkpoints.directory import check, weight_files
from checkpoints.files import read_object
from checkpoints.write import copy_others

RECORD = "placed.json"


def place(checkpoint: Path, out: Path, name: str) -> Path:
    """The checkpoint in `out`, in the place of one that was put there before; `name` says which it is, and where it is that one
    already nothing is done. Raises CheckpointError.
    """
    record = out / RECORD
    if record.exists() and read_object(record).get("from") == name:
        return out
    check(checkpoint)
    draft = out.with_name(f".{out.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    copy_others(checkpoint, draft)
    if (index := checkpoint / "model.safetensors.index.json").exists():
        shutil.copyfile(index, draft / index.name)
    for file in weight_files(checkpoint):
        shutil.copyfile(file, draft / file.name)
    (draft / RECORD).write_text(json.dumps({"from": name}) + "\n")
    shutil.rmtree(out, ignore_errors=True)  # killed here, the next call puts it there
    draft.replace(out)
    return out
