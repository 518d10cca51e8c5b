"""What tests of training train on: a few rows, and where the checkpoint is whose tokenizer they take."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from alignment.job import TrainingProgress
from rows.messages import Message

ROOT = Path(__file__).resolve().parents[2]
CHECKPOINT = Path(os.environ.get("LAB_CHECKPOINT", ROOT / "checkpoints" / "SmolLM2-135M-Instruct"))
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json")
WORDS = ("red", "blue", "green", "dog", "cat", "sun")


def user(text: str) -> Message:
    return {"role": "user", "content": text}


def assistant(text: str) -> Message:
    return {"role": "assistant", "content": text}


def parquet(path: Path, rows: list[dict[str, object]]) -> Path:
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path


def json_lines(path: Path, rows: Iterable[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def ignore(_: TrainingProgress) -> None:
    pass


needs_checkpoint = pytest.mark.skipif(
    not CHECKPOINT.is_dir(), reason=f"no checkpoint at {CHECKPOINT}; make it or set LAB_CHECKPOINT"
)
