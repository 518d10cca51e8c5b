"""A checkpoint, a run or a packed directory may be anybody's: whatever stands in its files is told of in a line and never waited
for, unfolded without end, called or shown raw.
"""

import json
import os
import pickle
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_checkpoints import tiny_checkpoint
from typer.testing import CliRunner, Result

from checkpoints.directory import check
from checkpoints.errors import CheckpointError
from checkpoints.files import LARGEST
from cli import app
from pretrain.data.pack import Progress
from pretrain.data.shards import Manifest, read_manifest, stored
from pretrain.errors import PretrainError
from pretrain.run.stages import Summary
from pretrain.studies.small_runs import Finished
from pretrain.training import states

ACTING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
WORDS = "".join(json.dumps({"text": f"the cat sat on the mat {n}"}) + "\n" for n in range(40))


def written(text: str) -> Callable[[Path], Any]:
    return lambda path: (path.unlink(), path.write_text(text))


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/null")  # not one without end: should it be read, the test fails and fills no disk


def large(path: Path) -> None:
    with path.open("ab") as file:
        file.truncate(LARGEST + 1)  # a hole: it takes no room on the disk


ODD: dict[str, Callable[[Path], Any]] = {
    "deep": written("[" * 200_000),
    "deep objects": written('{"a":' * 50_000 + "1" + "}" * 50_000),
    "empty": written(""),
    "list": written("[]"),
    "number": written("5"),
    "other kinds": written(
        '{"model_type": 5, "weight_map": [], "eos_token": [], "model": 7, "stages": [5], "vocab_size": "x"}'
    ),
    "escapes": written(json.dumps({"model_type": "\x1b[2J\u202e", "eos_token": "\x1b[2J", "stages": [{"\x1b[2J": 1}]})),
    "pipe": pipe,
    "folder": folder,
    "device": device,
    "large": large,
}


def lab(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def told_in_a_line(done: Result, *words: object) -> None:
    assert done.exception is None or isinstance(done.exception, SystemExit), (words, repr(done.exception))
    assert not ACTING.search(done.output), words
    assert "Traceback" not in done.output


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tiny_checkpoint(tmp_path_factory.mktemp("checkpoint"))
    (made / "generation_config.json").write_text('{"eos_token_id": 274}')
    weights = {"metadata": {}, "weight_map": {"x": "model.safetensors"}}
    (made / "model.safetensors.index.json").write_text(json.dumps(weights))
    return made


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.jsonl").write_text(WORDS)
    return tmp_path


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_checkpoint_whose_files_are_odd_is_refused_before_a_library_reads_it(
    odd: Callable[[Path], Any], checkpoint: Path
) -> None:
    objects = (
        "config.json",
        "generation_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "model.safetensors.index.json",
    )
    for name in objects:
        shutil.copytree(checkpoint, "c")
        odd(Path("c", name))
        if odd not in (ODD["other kinds"], ODD["escapes"]):
            with pytest.raises(CheckpointError, match=re.escape(f"c/{name}")):
                check(Path("c"))
        for command in (
            ["pretrain", "generate", "c", "words", "--max-tokens", "1"],
            ["pretrain", "pack", "d.jsonl", "--tokenizer", "c", "--out", "o"],
            ["pretrain", "tokenizer", "compare", "c", "c", "-l", "de=d.jsonl"],
            ["pretrain", "tokenizer", "extend", "c", "-l", "de=d.jsonl", "--new-tokens", "1", "--out", "o"],
            ["train", "sft", "c", "--data", "d.jsonl", "--out", "t"]
            if name != "generation_config.json"
            else ["runs", "."],
        ):
            if odd in (ODD["other kinds"], ODD["escapes"]) and command[0] == "train":
                continue  # what passes for a checkpoint would be trained
            told_in_a_line(lab(*command), name, command)
            shutil.rmtree("o", ignore_errors=True)
        shutil.rmtree("c")


STEP = {
    "stage": "initial", "step": 1, "tokens": 64, "loss": 3.0, "lr": 0.1, "grad_norm": 1.0, "tokens_per_s": 9.0,
    "utilisation": None, "sequence_length": 64, "batch_tokens": 64, "skipped": None, "evaluation": {"held_out": 2.0},
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_pretraining_of_odd_files_is_reported_as_far_as_it_can_be_read(odd: Callable[[Path], Any]) -> None:
    run = Path("runs/pt")
    files = {
        "recipe.json": json.dumps({"name": "pt"}),
        "stages.json": json.dumps({"name": "pt", "seed": 0, "parameters": 9, "vocabulary_size": 9, "stages": []}),
        "metrics.jsonl": json.dumps(STEP) + "\n" + json.dumps({**STEP, "step": 2}) + "\n",
        "samples.jsonl": json.dumps({"stage": "initial", "step": 1, "prompt": "a", "completion": "b"}) + "\n",
    }
    for name in files:
        run.mkdir(parents=True)
        for file, text in files.items():
            (run / file).write_text(text)
        odd(run / name)
        told = lab("report", run)
        told_in_a_line(told, name)
        if name != "metrics.jsonl":
            assert "2 steps" in told.stdout, told.output
        for command in (["runs"], ["watch", run], ["pretrain", "export", run, "--out", "o"]):
            told_in_a_line(lab(*command), name, command)
        shutil.rmtree("runs")


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_a_run_wrote_of_itself_is_read_back_by_its_kinds(odd: Callable[[Path], Any], here: Path) -> None:
    for kind in (Manifest, Progress, Summary, Finished):
        path = here / "manifest.json"
        path.write_text("{}")
        odd(path)
        with pytest.raises(PretrainError, match=r"manifest\.json.*; the mend"):
            stored(path, kind, "the mend")
        with pytest.raises(PretrainError, match=r"manifest\.json"):
            read_manifest(here)
        shutil.rmtree(path) if path.is_dir() else path.unlink()


class Calls:
    """What makes a folder when it is unpickled."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("called",)


def test_a_state_whose_list_of_tensors_would_call_something_is_refused_and_nothing_is_called(here: Path) -> None:
    saver = states.Saver(here / "state", keep=1)
    saver.save(1, {"weights": {"a": torch.ones(3)}}, {"step": 1})
    saver.close()
    state = states.latest(here / "state")
    assert state is not None
    found = {"weights": {"a": torch.zeros(3)}}
    assert states.load(state, found) == {"step": 1}
    assert found["weights"]["a"].sum() == 3
    (state / ".metadata").write_bytes(pickle.dumps(Calls()))
    with pytest.raises(PretrainError, match=r"it would call posix\.mkdir"):
        states.load(state, found)
    assert not Path("called").exists()
