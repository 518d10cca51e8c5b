"""The mean of checkpoints: which bits, of what, and what is no mean at all."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tiny_checkpoints import edit_json, edit_weights, tiny_checkpoint
from typer.testing import CliRunner

from alignment import AlignmentError
from alignment.trainer import load_model
from checkpoints.average import average, weights_of
from checkpoints.directory import check, identity
from checkpoints.errors import CheckpointError
from cli import app

torch = pytest.importorskip("torch")
ROOT = Path(__file__).parents[2]


def variant(start: Path, folder: Path, seed: int, kind: Any = torch.bfloat16) -> Path:
    """The same model with other weights, in numbers of `kind`."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(start, folder)
    chance = torch.Generator().manual_seed(seed)
    for file in folder.glob("*.safetensors"):
        weights = {
            name: (weight.float() + torch.randn(weight.shape, generator=chance)).to(kind)
            for name, weight in load_file(file).items()
        }
        save_file(weights, file, metadata={"format": "pt"})
    return folder


def weights(path: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return {name: weight for file in sorted(path.glob("*.safetensors")) for name, weight in load_file(file).items()}


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("start") / "tiny")


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float32, torch.float16])
def test_a_uniform_mean_of_eight_is_the_float32_mean_bit_for_bit(start: Path, tmp_path: Path, kind: Any) -> None:
    parts = [variant(start, tmp_path / str(n), n, kind) for n in range(8)]
    average(parts, tmp_path / "out", weights_of(8))
    held = [weights(part) for part in parts]
    for name, weight in weights(tmp_path / "out").items():
        exact = sum(one[name].double() for one in held) / 8
        assert weight.dtype == kind and torch.equal(weight, exact.float().to(kind)), name


def test_a_weighted_mean_of_numbers_of_several_types_is_the_float64_one_rounded_to_the_first_type(
    start: Path, tmp_path: Path
) -> None:
    kinds = [torch.bfloat16, torch.float32, torch.float16, torch.float64]
    parts = [variant(start, tmp_path / str(n), n, kind) for n, kind in enumerate(kinds)]
    shares = weights_of(4, decay=0.7)
    average(parts, tmp_path / "out", shares)
    held = [weights(part) for part in parts]
    for name, weight in weights(tmp_path / "out").items():
        exact = sum(one[name].double() * share for one, share in zip(held, shares, strict=True))
        assert torch.equal(weight, exact.float().to(torch.bfloat16)), name


def test_a_mean_that_the_first_type_cannot_hold_is_refused_and_leaves_nothing(start: Path, tmp_path: Path) -> None:
    half, large = (
        variant(start, tmp_path / "half", 1, torch.float16),
        variant(start, tmp_path / "large", 2, torch.float32),
    )
    edit_weights(large, lambda held: held["model.norm.weight"].fill_(1e6))
    with pytest.raises(CheckpointError, match=r"model\.norm\.weight: the mean holds a number that F16, .* has not"):
        average([half, large], tmp_path / "out", weights_of(2))
    assert not (tmp_path / "out").exists()
    average([large, half], tmp_path / "out", weights_of(2))


def test_a_mean_is_taken_without_waiting_for_torch(start: Path, tmp_path: Path) -> None:
    asked = ["train", "average", str(start), str(start), "--out", str(tmp_path / "out")]
    code = f"import sys, cli\ntry: cli.app({asked!r})\nfinally: assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def test_the_mean_loads_and_everything_else_is_as_the_first_has_it(start: Path, tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM

    parts = [variant(start, tmp_path / str(n), n) for n in range(3)]
    average(parts, tmp_path / "out", weights_of(3))
    check(tmp_path / "out")
    model = AutoModelForCausalLM.from_pretrained(tmp_path / "out", dtype=torch.bfloat16)
    assert model(input_ids=torch.tensor([[1, 2, 3]])).logits.isfinite().all()
    for name in ("config.json", "tokenizer.json"):
        assert (tmp_path / "out" / name).read_bytes() == (parts[0] / name).read_bytes()
    of = json.loads((tmp_path / "out" / "average.json").read_text())["of"]
    assert [(one["identity"], one["weight"]) for one in of] == [(identity(part), 1 / 3) for part in parts]


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float32])
def test_equal_checkpoints_come_back_as_they_were(start: Path, tmp_path: Path, kind: Any) -> None:
    one = variant(start, tmp_path / "one", 1, kind)
    average([one] * 10, tmp_path / "uniform", weights_of(10))
    average([one] * 3, tmp_path / "weighted", weights_of(3, weights=[0.3, 0.5, 0.17]))
    for out in ("uniform", "weighted"):
        for name, weight in weights(tmp_path / out).items():
            assert torch.equal(weight, weights(one)[name]), (out, name)


def test_weights_are_in_proportion_and_a_decay_lets_the_last_count_most(start: Path, tmp_path: Path) -> None:
    parts = [variant(start, tmp_path / str(n), n, torch.float32) for n in range(2)]
    average(parts, tmp_path / "out", weights_of(2, weights=[3, 1]))
    one, other = map(weights, parts)
    for name, weight in weights(tmp_path / "out").items():
        torch.testing.assert_close(weight, 0.75 * one[name] + 0.25 * other[name])
    assert weights_of(3, decay=0.5) == pytest.approx([1 / 7, 2 / 7, 4 / 7])


def test_a_model_in_several_files_keeps_them_and_their_index(start: Path, tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM

    whole = [variant(start, tmp_path / f"whole{n}", n) for n in range(2)]
    split = []
    for number, path in enumerate(whole):
        shutil.copytree(path, tmp_path / f"split{number}", ignore=shutil.ignore_patterns("*.safetensors"))
        model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.bfloat16)
        model.save_pretrained(tmp_path / f"split{number}", max_shard_size="20KB")
        split.append(tmp_path / f"split{number}")
    assert len(list(split[0].glob("*.safetensors"))) > 1
    for number in range(2):  # what save_pretrained says of itself beside the weights is not ours
        for name in ("config.json", "generation_config.json"):
            shutil.copyfile(whole[0] / name, split[number] / name) if (whole[0] / name).exists() else None
    average([split[0], whole[1]], tmp_path / "out", weights_of(2))
    average(whole, tmp_path / "expected", weights_of(2))
    assert {path.name for path in (tmp_path / "out").glob("*.safetensors*")} == {
        path.name for path in split[0].glob("*.safetensors*")
    }
    for name, weight in weights(tmp_path / "expected").items():
        assert torch.equal(weights(tmp_path / "out")[name], weight), name
    shutil.copyfile(whole[0] / "model.safetensors", split[0] / "model.safetensors")
    with pytest.raises(
        CheckpointError, match=r"split0: holds the weights twice, in model.safetensors and in the files that"
    ):
        check(split[0])


def test_a_tied_head_that_lies_there_once_more_is_left_out(start: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    parts = [variant(start, tmp_path / str(n), n) for n in range(2)]
    (file,) = parts[0].glob("*.safetensors")
    held = load_file(file)
    save_file({**held, "lm_head.weight": held["model.embed_tokens.weight"].clone()}, file, metadata={"format": "pt"})
    average(parts, tmp_path / "out", weights_of(2))
    assert "lm_head.weight" not in weights(tmp_path / "out")


def test_what_is_no_mean_is_refused_by_its_first_difference_and_leaves_nothing(start: Path, tmp_path: Path) -> None:
    def refused(*paths: Path, says: str, weights: list[float] | None = None) -> None:
        with pytest.raises(CheckpointError, match=says):
            average(paths, tmp_path / "out", weights or [0.5, 0.5])
        assert not (tmp_path / "out").exists() and not (tmp_path / ".out.part").exists()

    other = variant(start, tmp_path / "config", 1)
    edit_json(other / "config.json", rms_norm_eps=0.5)
    refused(start, other, says="not the model of .*config.json says rms_norm_eps 0.5")
    named = edit_json(
        variant(start, tmp_path / "named", 1) / "config.json", _model_name_or_path="Mine", dtype="float32"
    )
    shutil.rmtree(average([start, named], tmp_path / "out", [0.5, 0.5]))  # what it is called makes no other model
    words = variant(start, tmp_path / "words", 1)
    (words / "tokenizer.json").write_text((words / "tokenizer.json").read_text() + "\n")
    refused(start, words, says="tokenizer.json is another than that of")
    talks = [variant(start, tmp_path / f"talks{n}", n) for n in range(2)]
    for number, path in enumerate(talks):
        (path / "chat_template.jinja").unlink(missing_ok=True)
        edit_json(path / "tokenizer_config.json", chat_template=f"{number}")
    refused(*talks, says="its chat template is another than that of")
    (talks[0] / "chat_template.jinja").write_text("1")
    shutil.rmtree(average(talks, tmp_path / "out", [0.5, 0.5]))  # wherever the same one stands
    name = "model.layers.0.mlp.up_proj.weight"
    shape = variant(start, tmp_path / "shape", 1)
    edit_weights(shape, lambda held: held.update({name: held[name][:1].clone()}))
    refused(start, shape, says=f"{name} is .* and that of")
    less = variant(start, tmp_path / "less", 1)
    edit_weights(less, lambda held: held.pop(name))
    refused(start, less, says=f"less: has no {name}")
    refused(start, says="two checkpoints or more")
    kind = variant(start, tmp_path / "kind", 1)
    edit_weights(kind, lambda held: held.update({name: held[name].to(torch.int8)}))
    refused(start, kind, says="holds I8; a mean is taken of")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"weights": [1.0]}, "1 weights for 2"),
        ({"weights": [0.0, 0.0]}, "not all 0"),
        ({"weights": [-1.0, 2.0]}, "0 or more"),
        ({"weights": [float("nan"), 1.0]}, "0 or more"),
        ({"decay": 1.0}, "less than 1"),
        ({"decay": 0.5, "weights": [1.0, 1.0]}, "two ways to say the same"),
    ],
)
def test_weights_that_are_none_are_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(CheckpointError, match=says):
        weights_of(2, **given)


def test_stopped_in_the_middle_it_leaves_nothing(start: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        average([start, start], tmp_path / "out", [0.5, 0.5], stop)
    assert not (tmp_path / "out").exists() and not (tmp_path / ".out.part").exists()


def test_the_command_says_what_it_made_and_refuses_a_place_that_is_taken(start: Path, tmp_path: Path) -> None:
    parts = [str(variant(start, tmp_path / str(n), n)) for n in range(2)]
    asked = ["train", "average", *parts, "--out", str(tmp_path / "out"), "--weights", "3,1"]
    told = CliRunner().invoke(app, [*asked, "--json"])
    assert json.loads(told.stdout) == {"checkpoint": str(tmp_path / "out"), "of": parts, "weights": [0.75, 0.25]}
    again = CliRunner().invoke(app, asked)
    assert again.exit_code == 1 and "there is something already" in again.stderr
    odd = CliRunner().invoke(app, [*asked[:-1], "3,x"])
    assert odd.exit_code == 2 and "not numbers separated by commas" in odd.stderr


def test_the_working_directory_may_be_the_place_and_a_file_may_not(
    start: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here := tmp_path / "here").mkdir()
    monkeypatch.chdir(here)
    average([start, start], Path(), weights_of(2))
    assert check(here) == here and [path.name for path in tmp_path.iterdir()] == ["here"]
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="there is something already"):
        average([start, start], tmp_path / "file", weights_of(2))


def test_a_checkpoint_that_holds_a_number_that_is_none_is_named_with_the_weight_and_leaves_nothing(
    start: Path, tmp_path: Path
) -> None:
    broken = variant(start, tmp_path / "broken", 3)
    tensors = weights(broken)
    name = sorted(tensors)[-1]
    tensors[name].view(-1)[-1] = float("nan")
    from safetensors.torch import save_file

    save_file(tensors, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(CheckpointError, match=rf"broken/model\.safetensors: {re.escape(name)} holds NaN or infinity"):
        average([start, broken], tmp_path / "mean", [0.5, 0.5])
    assert not list(tmp_path.glob("*mean*"))
    with pytest.raises(AlignmentError, match=rf"broken: {re.escape(name)} holds NaN or infinity"):
        load_model(broken)
