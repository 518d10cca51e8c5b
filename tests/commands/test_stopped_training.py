"""What `lab train` says when it is stopped is what lies there then."""

import asyncio
import json
from pathlib import Path

import pytest
from tiny_checkpoints import tiny_checkpoint
from typer.testing import CliRunner

from cli import app


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("", "stopped; no state was saved yet"),
        ("state/checkpoint-2/trainer_state.json", "keeps the last state, and the same command goes on from there"),
        ("training.json", "was trained to its end"),
    ],
    ids=["before a state", "after one", "at its end"],
)
def test_a_training_that_is_stopped_says_what_it_leaves(
    kept: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, out = tiny_checkpoint(tmp_path / "start"), tmp_path / "out"
    (data := tmp_path / "rows.jsonl").write_text(json.dumps({"prompt": "a", "completion": "b"}) + "\n")

    async def stopped(*_: object) -> None:
        if kept:
            (out / kept).parent.mkdir(parents=True)
            (out / kept).write_text("{}")
        raise asyncio.CancelledError

    monkeypatch.setattr("alignment.child.train_in_child", stopped)
    asked = ["train", "sft", str(start), "--data", str(data), "--out", str(out), "--processes", "1"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 130 and told in done.stderr, done.output
