"""What we train, vLLM hosts the next minute, and it says what our own decoder says."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import torch
from typer.testing import CliRunner

from cli import app
from pretrain.huggingface import save_huggingface
from pretrain.model import ModelConfig, Transformer
from pretrain.tokenizer.train import train_tokenizer


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pretrained")
    tokenizer = train_tokenizer((path.read_text() for path in sorted(Path("docs").glob("*.md"))), 600, folder / "tok")
    # Group size 3, and a head size that is not hidden_size / heads.
    config = ModelConfig(600, 96, 256, 2, 6, 2, head_dim=32, max_position_embeddings=512, tie_word_embeddings=True)
    model = Transformer(config)
    model.initialise(torch.Generator().manual_seed(0))
    return save_huggingface(model, folder / "model", tokenizer)


def test_the_command_continues_a_text_and_refuses_what_is_no_checkpoint(checkpoint: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["pretrain", "generate", str(checkpoint), "The sandbox", "--max-tokens", "8", "--json"]
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["prompt"] == "The sandbox" and 0 < len(found["tokens"]) <= 8
    missing = CliRunner().invoke(app, ["pretrain", "generate", str(tmp_path), "x"])
    assert missing.exit_code == 1 and "config.json is missing" in missing.stderr


def test_import_checks_the_logits_and_writes_a_directory_to_train_from(checkpoint: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["pretrain", "import", str(checkpoint), "--out", str(tmp_path / "in"), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["logits_difference"] < 1e-5
    assert (tmp_path / "in" / "tokenizer.json").exists()


@pytest.mark.vllm
def test_vllm_hosts_an_export_and_its_greedy_tokens_are_ours(checkpoint: Path, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    from pretrain.generate import generate
    from pretrain.huggingface import load_huggingface

    prompt = AutoTokenizer.from_pretrained(checkpoint)("A run's report says")["input_ids"]
    expected = generate(load_huggingface(checkpoint), prompt, 24)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--dtype", "float32", "--max-model-len", "256"]
    lab = Path(sys.executable).with_name("lab")
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([lab, "serve", str(checkpoint), "--", *options], stdout=log, stderr=log)
    try:
        url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 240
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if httpx.get(f"{url}/health", timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                time.sleep(0.5)
        question = {
            "model": checkpoint.name,
            "prompt": prompt,
            "max_tokens": 24,
            "temperature": 0,
            "ignore_eos": True,
            "return_token_ids": True,
        }
        answer = httpx.post(f"{url}/v1/completions", json=question, timeout=60)
        assert answer.status_code == 200, (tmp_path / "log").read_text()[-2000:]
        assert answer.json()["choices"][0]["token_ids"] == expected
    finally:
        process.terminate()
        process.wait(60)
