"""What a checkpoint says beside its weights (ends of an answer, sampling, number format) survives the way through the core."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from tiny_checkpoints import edit_json, edit_weights, tiny_checkpoint
from typer.testing import CliRunner

from cli import app
from pretrain.huggingface import load_huggingface, save_huggingface, stored_dtype

SETTINGS = {"bos_token_id": 273, "eos_token_id": [274, 275], "pad_token_id": 274, "do_sample": True, "top_p": 0.9}


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    folder = tiny_checkpoint(tmp_path / "start")
    (folder / "generation_config.json").write_text(json.dumps({**SETTINGS, "temperature": 0.6}))
    return folder


def imported(checkpoint: Path, out: Path) -> Path:
    result = CliRunner().invoke(app, ["pretrain", "import", str(checkpoint), "--out", str(out)])
    assert result.exit_code == 0, result.output
    return out


def test_an_import_keeps_stop_tokens_sampling_and_the_number_format(checkpoint: Path, tmp_path: Path) -> None:
    out = imported(checkpoint, tmp_path / "in")
    assert (out / "generation_config.json").read_bytes() == (checkpoint / "generation_config.json").read_bytes()
    config = json.loads((out / "config.json").read_text())
    assert (config["eos_token_id"], config["torch_dtype"]) == (274, "bfloat16")
    before, after = (load_file(folder / "model.safetensors") for folder in (checkpoint, out))
    assert all(
        torch.equal(weight, after[name]) and weight.dtype == after[name].dtype for name, weight in before.items()
    )


@pytest.mark.parametrize("ends", [[274, 275], [275], 275])
def test_the_ends_that_config_json_names_are_kept_too(ends: Any, checkpoint: Path, tmp_path: Path) -> None:
    edit_json(checkpoint / "config.json", eos_token_id=ends)
    out = imported(checkpoint, tmp_path / "in")
    assert json.loads((out / "config.json").read_text())["eos_token_id"] == ends


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_weights_of_each_number_format_come_back_in_it(dtype: torch.dtype, checkpoint: Path, tmp_path: Path) -> None:
    edit_weights(checkpoint, lambda tensors: tensors.update({name: t.to(dtype) for name, t in tensors.items()}))
    assert stored_dtype(imported(checkpoint, tmp_path / "in")) == dtype


def test_weights_of_two_number_formats_lose_nothing(checkpoint: Path, tmp_path: Path) -> None:
    norm = "model.norm.weight"
    edit_weights(checkpoint, lambda tensors: tensors.update({norm: tensors[norm].float() + 1e-6}))
    out = imported(checkpoint, tmp_path / "in")
    assert torch.equal(load_file(out / "model.safetensors")[norm], load_file(checkpoint / "model.safetensors")[norm])


def test_what_goes_on_from_a_checkpoint_ends_its_answers_as_that_does(checkpoint: Path, tmp_path: Path) -> None:
    # As a run with `model: {from: ...}` and `lab pretrain export` write: the tokenizer's directory is the checkpoint's.
    out = save_huggingface(load_huggingface(checkpoint), tmp_path / "model", checkpoint)
    assert (out / "generation_config.json").read_bytes() == (checkpoint / "generation_config.json").read_bytes()
