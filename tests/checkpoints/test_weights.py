"""A weight that is missing, over, misshapen or said twice: refused by everything that loads a checkpoint, by its name."""

import asyncio
import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
from small_trainings import assistant, ignore, parquet, user
from tiny_checkpoints import edit_json, edit_weights, tiny_checkpoint
from typer.testing import CliRunner

import serving.local
from alignment.errors import AlignmentError
from alignment.trainer import load_model
from alignment.trainings.sft import train_sft
from checkpoints import CheckpointError
from checkpoints.directory import check
from checkpoints.weights import HEAD, TABLE, refuse_other_weights
from cli import app
from pretrain.errors import PretrainError
from pretrain.huggingface import load_huggingface
from recipes.schema import Serving
from recipes.trainings import SFT
from serving import ServingError
from serving.local import LocalEngine
from serving.server import exec_server

UP = "model.layers.1.mlp.up_proj.weight"
OVER = "model.layers.2.mlp.up_proj.weight"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("whole") / "tiny")


@pytest.fixture
def tiny(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "tiny"))


def without(name: str) -> Callable[[Path], object]:
    return lambda folder: edit_weights(folder, lambda tensors: tensors.pop(name))


def hole(folder: Path) -> None:
    without(UP)(folder)


def added(folder: Path) -> None:
    edit_weights(folder, lambda tensors: tensors.update({OVER: tensors[UP].clone()}))


def cut(folder: Path) -> None:
    edit_weights(folder, lambda tensors: tensors.update({UP: tensors[UP][:-1].clone()}))


def untied(folder: Path) -> None:
    edit_json(folder / "config.json", tie_word_embeddings=False)


def one_layer_said(folder: Path) -> None:
    edit_json(folder / "config.json", num_hidden_layers=1)


def three_layers_said(folder: Path) -> None:
    edit_json(folder / "config.json", num_hidden_layers=3)


def wider_said(folder: Path) -> None:
    edit_json(folder / "config.json", intermediate_size=80)


FAULTS = [
    (hole, UP),
    (without("model.norm.weight"), "model.norm.weight"),
    (without("model.layers.0.self_attn.k_proj.weight"), "model.layers.0.self_attn.k_proj.weight"),
    (untied, HEAD),
    (three_layers_said, "model.layers.2."),
    (added, OVER),
    (one_layer_said, "model.layers.1."),
    (cut, UP),
    (wider_said, "_proj.weight"),
]


@pytest.mark.parametrize(("fault", "name"), FAULTS)
def test_a_weight_missing_over_or_misshapen_is_named_by_every_reader(
    fault: Callable[[Path], object], name: str, tiny: Path
) -> None:
    fault(tiny)
    for read, error in (
        (load_model, AlignmentError),
        (refuse_other_weights, CheckpointError),
        (load_huggingface, PretrainError),
    ):
        with pytest.raises(error, match=name):
            read(tiny)


def test_what_is_whole_passes_tied_or_not(tiny: Path, tmp_path: Path) -> None:
    refuse_other_weights(check(tiny))
    refuse_other_weights(check(tiny_checkpoint(tmp_path / "untied", tied=False)))


def test_a_training_from_a_checkpoint_with_a_hole_takes_no_step(tiny: Path, tmp_path: Path) -> None:
    hole(tiny)
    data = parquet(tmp_path / "one.parquet", [{"messages": [user("2+2?"), assistant("4")]}] * 4)
    with pytest.raises(AlignmentError, match=UP):
        train_sft(tiny, data, tmp_path / "out", SFT(epochs=1), on_progress=ignore)
    assert not list((tmp_path / "out").glob("*.safetensors"))


def test_a_vocabulary_is_not_extended_beside_a_checkpoint_with_a_hole(tiny: Path, tmp_path: Path) -> None:
    hole(tiny)
    (tmp_path / "de.txt").write_text("Die Straßenbahn fährt über die Brücke. " * 50)
    given = ["-l", f"de={tmp_path / 'de.txt'}", "--new-tokens", "4", "--checkpoint", str(tiny)]
    result = CliRunner().invoke(
        app, ["pretrain", "tokenizer", "extend", str(tiny), *given, "--out", str(tmp_path / "out")]
    )
    assert result.exit_code == 1 and UP in result.stderr
    assert not (tmp_path / "out").exists()


def test_an_engine_does_not_start_on_a_hole(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hole(tiny)
    monkeypatch.setattr(serving.local, "start_vllm", lambda *_: pytest.fail("vLLM was started"))
    with pytest.raises(ServingError, match=UP):
        asyncio.run(LocalEngine(tiny, Serving(), lambda text: None).start())


def test_a_server_does_not_start_on_a_hole(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hole(tiny)
    monkeypatch.setattr("os.execv", lambda *_: pytest.fail("vLLM was started"))
    with pytest.raises(CheckpointError, match=UP):
        exec_server(str(tiny), ["--port", "0"])


def test_a_checkpoint_with_a_hole_is_not_swapped_in(whole: Path, tiny: Path) -> None:
    hole(tiny)
    engine = LocalEngine(whole, Serving(), lambda text: None)
    engine._engine = None  # nothing of it may be asked
    with pytest.raises(CheckpointError, match=UP):
        engine._reload(tiny)


def test_a_tied_table_under_the_heads_name_is_the_table(whole: Path, tiny: Path, tmp_path: Path) -> None:
    edit_weights(tiny, lambda tensors: tensors.update({HEAD: tensors.pop(TABLE)}))
    refuse_other_weights(check(tiny))
    ids, offsets = torch.arange(40), torch.tensor([0, 40], dtype=torch.int32)
    logits = [model.logits(model(ids, offsets)) for model in map(load_huggingface, (whole, tiny))]
    assert torch.equal(*logits)
    assert torch.equal(load_model(tiny).model.embed_tokens.weight, load_model(whole).model.embed_tokens.weight)
    result = CliRunner().invoke(app, ["pretrain", "import", str(tiny), "--out", str(tmp_path / "in")])
    assert result.exit_code == 0, result.output


def test_semantic_vectors_are_the_same_where_the_table_has_the_heads_name(whole: Path, tiny: Path) -> None:
    from curation.dedup.embedding import _table

    edit_weights(tiny, lambda tensors: tensors.update({HEAD: tensors.pop(TABLE)}))
    assert (_table(tiny) == _table(whole)).all()
    edit_json(tiny / "config.json", tie_word_embeddings=False)
    with pytest.raises(CheckpointError, match="no token table"):
        _table(tiny)


def test_a_tied_checkpoint_with_another_head_in_its_file_is_refused_everywhere(tiny: Path) -> None:
    edit_weights(tiny, lambda tensors: tensors.update({HEAD: tensors[TABLE] * 2}))
    with pytest.raises(CheckpointError, match=r"head of their own.*tie_word_embeddings"):
        check(tiny)
    with pytest.raises(PretrainError, match="head of their own"):
        load_huggingface(tiny)
    edit_json(tiny / "config.json", tie_word_embeddings=False)
    assert check(tiny) == tiny
    assert not torch.equal(*(load_huggingface(tiny).state_dict()[name] for name in ("head.weight", "embedding.weight")))


def test_a_tied_checkpoint_with_its_table_twice_is_one(tiny: Path) -> None:
    edit_weights(tiny, lambda tensors: tensors.update({HEAD: tensors[TABLE].clone()}))
    refuse_other_weights(check(tiny))
    load_huggingface(tiny)


def test_a_head_of_its_own_is_right_where_the_architecture_unties_by_default(tiny: Path) -> None:
    edit_weights(tiny, lambda tensors: tensors.update({HEAD: tensors[TABLE] * 2}))
    config = json.loads((tiny / "config.json").read_text())
    del config["tie_word_embeddings"]
    (tiny / "config.json").write_text(json.dumps(config))
    refuse_other_weights(check(tiny))  # a Llama's default is untied


def test_weights_of_other_names_are_refused_by_the_names_they_lack(tiny: Path) -> None:
    def renamed(tensors: dict[str, Any]) -> None:
        for name in list(tensors):
            tensors["net." + name] = tensors.pop(name)

    edit_weights(tiny, renamed)
    for read, error in ((refuse_other_weights, CheckpointError), (load_huggingface, PretrainError)):
        with pytest.raises(error, match=r"model\.embed_tokens\.weight"):
            read(tiny)


def test_a_reward_model_is_no_policy_that_could_be_hosted(tmp_path: Path) -> None:
    path = tiny_checkpoint(tmp_path / "scores")
    edit_json(path / "config.json", architectures=["LlamaForSequenceClassification"])
    with pytest.raises(CheckpointError, match="a reward model, which scores answers and writes none"):
        refuse_other_weights(path)


def test_models_that_two_threads_load_at_once_keep_their_tied_heads(tmp_path: Path) -> None:
    """As a reward model beside an engine that starts: see findings/tied_head_lost_in_transformers_5.19.sh."""
    tied = tiny_checkpoint(tmp_path / "tied")
    edit_json(tied / "config.json", tie_word_embeddings=True)
    edit_weights(tied, lambda weights: weights.pop(HEAD, None))
    found: list[bool] = []

    def look() -> None:
        for _ in range(10):
            refuse_other_weights(tied)

    def load() -> None:
        for _ in range(10):
            model = load_model(tied)
            found.append(model.lm_head.weight is model.model.embed_tokens.weight)

    with ThreadPoolExecutor(2) as pool:
        for work in [pool.submit(look), pool.submit(load)]:
            work.result()
    assert found == [True] * 10
