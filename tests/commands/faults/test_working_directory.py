"""No code is imported from the directory in which a command is called: a `json.py` there is a stranger's file."""

import ast
import asyncio
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file
from tiny_checkpoints import tiny_checkpoint

from alignment.child import run_in_subprocess
from alignment.errors import AlignmentError
from alignment.job import placed
from recipes.trainings import PPO, SFT, Distill
from verification import workers

ROOT = Path(__file__).parents[3]
SHADOWED = ("json", "pickle", "random", "runpy", "secrets", "string", "tempfile")


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, whose modules leave `imported-NAME` beside them."""
    folder = tmp_path / "strange"
    folder.mkdir()
    for name in SHADOWED:
        (folder / f"{name}.py").write_text(f"open({str(folder / f'imported-{name}')!r}, 'w').close()\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    return folder


def imported(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("imported-*"))


def test_the_modules_of_the_directory_are_imported_by_a_python_that_is_not_told_otherwise(strange: Path) -> None:
    subprocess.run([sys.executable, "-c", "import json"], check=True)
    assert imported(strange) == ["imported-json"]


def test_a_worker_of_verification_imports_none(strange: Path) -> None:
    async def asked() -> dict[str, object]:
        try:
            return await workers.call("verification.equality:equal", answer="1/2", reference="0.5")
        finally:
            await workers.close()

    found = asyncio.run(asked())
    assert "failed" not in found
    assert imported(strange) == []


def test_a_training_imports_none(strange: Path, tmp_path: Path) -> None:
    with pytest.raises(AlignmentError):
        run_in_subprocess("none", tmp_path, tmp_path, tmp_path / "out", SFT(), on_progress=print, checkpoint_id="none")
    assert imported(strange) == []


def test_a_training_finds_a_checkpoint_that_its_settings_name_from_there(strange: Path, tmp_path: Path) -> None:
    student, teacher = tiny_checkpoint(tmp_path / "student"), tiny_checkpoint(strange / "my teacher")
    file = teacher / "tokenizer.json"
    tokenizer = json.loads(file.read_text())
    vocabulary = tokenizer["model"]["vocab"]
    one, other, *_ = vocabulary
    vocabulary[one], vocabulary[other] = vocabulary[other], vocabulary[one]
    file.write_text(json.dumps(tokenizer))
    data = tmp_path / "asks.jsonl"
    data.write_text('{"prompt": "the cat"}\n')
    settings = Distill(teacher="my teacher", max_length=60, max_tokens=20)
    with pytest.raises(AlignmentError, match=rf"^{re.escape(str(teacher))}: its tokenizer is not that of"):
        run_in_subprocess("distill", student, data, tmp_path / "out", settings, on_progress=print)
    assert placed(PPO(reward="sandbox")).reward == "sandbox"
    assert imported(strange) == []


def test_a_server_and_what_it_starts_import_none(strange: Path, tmp_path: Path) -> None:
    server = tmp_path / "libraries" / "vllm" / "entrypoints" / "openai"
    server.mkdir(parents=True)
    for folder in (server, *server.parents[:2]):
        (folder / "__init__.py").touch()
    (server / "api_server.py").write_text(
        "import json, runpy, subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'import pickle; print(\"started\")'], check=True)\n"
    )
    checkpoint = tmp_path / "checkpoint"
    checkpoint.mkdir()
    shape = {
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 1,
        "vocab_size": 8,
    }
    (checkpoint / "config.json").write_text(json.dumps({"model_type": "llama", "tie_word_embeddings": True, **shape}))
    (checkpoint / "tokenizer.json").write_text("{}")
    square = (*(f"self_attn.{name}_proj" for name in "qkvo"), *(f"mlp.{name}_proj" for name in ("gate", "up", "down")))
    weights = {
        "model.embed_tokens.weight": np.zeros((8, 8), np.float32),
        "model.norm.weight": np.zeros(8, np.float32),
        **{f"model.layers.0.{name}.weight": np.zeros((8, 8), np.float32) for name in square},
        **{f"model.layers.0.{name}_layernorm.weight": np.zeros(8, np.float32) for name in ("input", "post_attention")},
    }
    save_file(weights, checkpoint / "model.safetensors")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "cli", "serve", str(checkpoint)],
        env={**os.environ, "PYTHONPATH": f"{tmp_path / 'libraries'}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "started\n", done.stderr
    assert imported(strange) == []


def test_a_command_spreads_its_work_over_processes_that_import_none(strange: Path) -> None:
    program = (
        "import cli, multiprocessing, os\n"
        "cli.app = lambda: None\n"
        "cli.main()\n"
        "child = multiprocessing.get_context('spawn').Process(target=os.getpid)\n"
        "child.start(); child.join(); raise SystemExit(child.exitcode)"
    )
    subprocess.run([sys.executable, "-P", "-c", program], check=True)
    assert imported(strange) == []


def test_every_python_that_a_package_starts_is_told_not_to_import_from_the_directory() -> None:
    """`sys.executable` is followed by `-P` wherever a command begins with it. What runs in a container is left out: there the directory
    is the program's own, from which its tests import it.
    """
    told, unlike = 0, []
    packages = sorted(path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests")
    for file in (file for package in packages for file in package.rglob("*.py")):
        if "inside" in file.parts or "executable" not in (source := file.read_text()):
            continue
        for node in ast.walk(ast.parse(source)):
            words = node.elts if isinstance(node, ast.List) else node.args if isinstance(node, ast.Call) else []
            spelled = [ast.unparse(word) for word in words]
            for number, word in enumerate(spelled[:-1]):
                if word == "sys.executable" and not ast.unparse(node).startswith("os.execv("):  # its list comes after
                    told += spelled[number + 1] == "'-P'"
                    if spelled[number + 1] != "'-P'":
                        unlike.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert told >= 4
    assert unlike == []
