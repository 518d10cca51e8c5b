"""What is said before a training is what the training then does, and saying it makes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_trainings import WORDS, assistant, ignore, needs_checkpoint, parquet, user
from typer.testing import CliRunner

import alignment.dry_run as told
from alignment import AlignmentError
from alignment.dry_run import SAVED, activation_bytes, dry_run, left_in_groups
from alignment.trainings import training_of
from checkpoints.directory import parameters
from cli import app

torch = pytest.importorskip("torch")
pytestmark = [needs_checkpoint, pytest.mark.usefixtures("one_core")]


def conversations(folder: Path) -> Path:
    rows: list[dict[str, Any]] = [{"messages": [user(f"Say {w}."), assistant(f"{w}. " * 5)]} for w in WORDS]
    rows.append({"messages": [user("Say much."), assistant("word " * 200)]})
    return parquet(folder / "rows.parquet", rows)


def pairs(folder: Path) -> Path:
    rows = [
        {"prompt": [user(f"Say {w} {n}.")], "chosen": [assistant(f"{w} it is")], "rejected": [assistant("never")]}
        for w in WORDS
        for n in range(3)
    ]
    return parquet(folder / "pairs.parquet", rows)


def stepped(folder: Path) -> Path:
    rows = [
        {"prompt": f"Say {w} {n}.", "completions": [w, "no"], "labels": [True, False]} for w in WORDS for n in range(3)
    ]
    return parquet(folder / "steps.parquet", rows)


DATA = {"sft": conversations, "dpo": pairs, "reward": pairs, "stepwise": stepped}


@pytest.mark.parametrize("name", DATA)
def test_rows_steps_and_tokens_are_those_of_the_training(name: str, tiny: Path, tmp_path: Path) -> None:
    training, data = training_of(name), DATA[name](tmp_path)
    settings = training.settings.model_validate({"batch_size": 2, "epochs": 2, "max_length": 100, "lr": 1e-4})
    found = dry_run(training, tiny, data, tmp_path / "out", settings)
    assert not (tmp_path / "out").exists()
    done = training.train(tiny, data, tmp_path / "out", settings, on_progress=ignore)
    assert (found.rows, found.dropped, found.steps, found.tokens) == (done.rows, done.dropped, done.steps, done.tokens)
    assert found.dropped == ({"too_long": 1} if name == "sft" else {})
    assert (found.held_out > 0) == (name in ("reward", "stepwise"))
    assert 0 < found.learned_tokens < found.tokens


def test_a_saved_state_is_as_large_as_it_says(tiny: Path, tmp_path: Path) -> None:
    import transformers

    count = parameters(tiny)
    model = transformers.AutoModelForCausalLM.from_pretrained(tiny)
    assert count == sum(weight.numel() for weight in model.parameters())
    seen: list[int] = []

    def watch(_: Any) -> None:
        states = list((tmp_path / "out" / "state").glob("checkpoint-*"))
        seen.extend(sum(file.stat().st_size for file in state.rglob("*") if file.is_file()) for state in states)

    training = training_of("sft")
    settings = training.settings.model_validate({"batch_size": 2, "max_steps": 3, "save_every_s": 0})
    training.train(tiny, conversations(tmp_path), tmp_path / "out", settings, on_progress=watch)
    assert max(seen) == pytest.approx(SAVED * count, rel=0.1)


def test_activations_grow_with_tokens_layers_and_vocabulary_and_less_where_they_are_computed_again() -> None:
    config = {"hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30, "vocab_size": 49152}
    plain = activation_bytes(config, 1000, 500, False)
    assert activation_bytes(config, 2000, 1000, False) == 2 * plain
    assert activation_bytes({**config, "num_hidden_layers": 60}, 1000, 500, False) > 1.5 * plain
    assert activation_bytes(config, 1000, 500, True) < plain / 2


def test_a_machine_that_is_too_small_is_told_before_anything_is_loaded(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = training_of("sft")
    settings = training.settings.model_validate({})
    monkeypatch.setattr(told, "available_memory", lambda: 1000)
    with pytest.raises(AlignmentError, match="of memory are needed"):
        dry_run(training, tiny, conversations(tmp_path), tmp_path / "out", settings)
    monkeypatch.setattr(told, "SAVED", 1 << 50)
    with pytest.raises(AlignmentError, match="free, and two saved states"):
        dry_run(training, tiny, conversations(tmp_path), tmp_path / "out", settings)


@pytest.mark.parametrize(
    ("mine", "folder", "most", "used", "cached"),
    [
        ("0::/\n", "", "memory.max", "memory.current", "inactive_file"),
        ("1:cpu:/x\n0::/jobs/7\n", "jobs", "memory.max", "memory.current", "active_file"),
        ("4:memory:/docker/7\n", "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ],
)
def test_what_a_container_or_a_batch_system_leaves_of_the_memory_counts(
    mine: str, folder: str, most: str, used: str, cached: str, tmp_path: Path
) -> None:
    group = tmp_path / folder
    (group / "7").mkdir(parents=True)
    for name, said in ((most, "1000"), (used, "700"), ("memory.stat", f"anon 1\n{cached} 300")):
        (group / name).write_text(f"{said}\n")
    assert list(left_in_groups(mine, tmp_path)) == [600]
    (group / most).write_text("max\n")
    assert list(left_in_groups(mine, tmp_path)) == []


def test_another_training_s_place_and_rows_that_leave_nothing_are_refused_alike(tiny: Path, tmp_path: Path) -> None:
    training, data = training_of("sft"), conversations(tmp_path)
    settings = training.settings.model_validate({"max_steps": 1, "batch_size": 2})
    training.train(tiny, data, tmp_path / "out", settings, on_progress=ignore)
    with pytest.raises(AlignmentError, match="other settings"):
        dry_run(training, tiny, data, tmp_path / "out", training.settings.model_validate({"max_steps": 2}))
    with pytest.raises(AlignmentError, match="leaves nothing to train on"):
        dry_run(training, tiny, data, tmp_path / "new", training.settings.model_validate({"max_length": 3}))


@pytest.mark.parametrize("lies", ["config.json", "model.safetensors.index.json"])
def test_a_checkpoint_that_no_training_left_is_neither_overwritten_nor_mixed_with(
    lies: str, tiny: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / lies).write_text("{}")
    training, data = training_of("sft"), conversations(tmp_path)
    settings = training.settings.model_validate({"max_steps": 1, "batch_size": 2})
    refused = rf"mine holds a checkpoint \({lies}\) that no training left there"
    with pytest.raises(AlignmentError, match=refused):
        dry_run(training, tiny, data, tmp_path / "mine", settings)
    with pytest.raises(AlignmentError, match=refused):
        training.train(tiny, data, tmp_path / "mine", settings, on_progress=ignore)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == [lies]


def test_the_command_says_it_to_people_and_to_programs(tiny: Path, tmp_path: Path) -> None:
    asked = ["train", "dpo", str(tiny), "--data", str(pairs(tmp_path)), "--out", str(tmp_path / "o"), "--dry-run"]
    shown = CliRunner().invoke(app, asked)
    assert shown.exit_code == 0, shown.output
    assert "18 rows to learn from" in shown.output and "GB of memory" in shown.output
    plain = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert (plain["rows"], plain["steps"]) == (18, 3)
    assert not (tmp_path / "o").exists()
