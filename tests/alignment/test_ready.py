"""What the dry run of a training finds is found of a recipe's trainings too: before anything is made and hours are spent."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_checkpoints import edit_json, edit_weights, tiny_checkpoint
from typer.testing import CliRunner, Result

import alignment.dry_run as told
from cli import app

torch = pytest.importorskip("torch")
LAYER = "model.layers.1.mlp.up_proj.weight"


@pytest.fixture(autouse=True)
def without_docker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignment.ready.docker_problem", lambda: None)


@pytest.fixture
def recipe(tmp_path: Path) -> dict[str, Any]:
    """One that is sound; its checkpoint has positions for 256 tokens."""
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps({"question": f"{n} + 1?", "answer": str(n + 1)}) + "\n" for n in range(4)))
    return {
        "checkpoint": str(tiny_checkpoint(tmp_path / "tiny")),
        "generate": [{"generator": "math/solutions", "seeds": str(questions)}],
        "train": {"sft": {}, "reward": {}},
        "evaluate": {"problems": str(questions)},
    }


def refused(recipe: dict[str, Any], folder: Path, said: str) -> None:
    """By a round and by rounds, and by the dry run of each; nothing is made."""
    for command, more in (("run", {}), ("rounds", {"rounds": {"count": 2}})):
        file, out = folder / f"{command}.yaml", folder / "out"
        file.write_text(json.dumps({**recipe, **more}))
        for dry in (["--dry-run"], []):
            done = lab(command, file, "--out", out, *dry)
            assert (done.exit_code, said in done.stderr) == (1, True), (command, dry, done.output)
            assert not out.exists()


def lab(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


def longer(tensors: dict[str, Any]) -> None:
    tensors["model.norm.weight"] = torch.zeros(33, dtype=torch.bfloat16)


SPOILED: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a weight missing": (lambda c: edit_weights(c, lambda w: w.pop(LAYER)), f"not complete: no file has {LAYER}"),
    "a weight over": (
        lambda c: edit_weights(c, lambda w: w.update({"model.layers.7.x": w[LAYER].clone()})),
        "no place for: model.layers.7.x",
    ),
    "a weight of another shape": (lambda c: edit_weights(c, longer), "model.norm.weight is (33,)"),
    "no template": (lambda c: (c / "chat_template.jinja").unlink(), "has no chat template"),
    "a template without an end": (
        lambda c: (c / "chat_template.jinja").write_text(
            "{%- for m in messages -%}{{ m['role'] + m['content'] }}{%- endfor -%}"
            "{%- if add_generation_prompt -%}assistant{%- endif -%}"
        ),
        "train.sft: the chat template ends an assistant turn without a token that stops generation",
    ),
    "a template that it was not trained with": (
        lambda c: (c / "training.json").write_text(json.dumps({"template": "0" * 32})),
        "train.sft:",
    ),
    "a tokenizer that does not load": (
        lambda c: (c / "tokenizer.json").write_text("{}"),
        "its tokenizer does not load",
    ),
}


@pytest.mark.parametrize("name", SPOILED)
def test_a_checkpoint_that_no_training_could_start_from_is_refused_before_a_row_is_written(
    name: str, recipe: dict[str, Any], tmp_path: Path
) -> None:
    spoil, said = SPOILED[name]
    spoil(Path(recipe["checkpoint"]))
    refused(recipe, tmp_path, said)


@pytest.mark.parametrize(
    ("train", "said"),
    [
        ({"sft": {}, "ppo": {"max_length": 300}}, "train.ppo:"),
        ({"sft": {}, "ppo": {"max_length": 200, "reward": "nowhere", "kl_weight": 0.1}}, "train.ppo: nowhere"),
        ({"distill": {"max_length": 200, "teacher": "/nowhere"}}, "train.distill: /nowhere: no such directory"),
    ],
)
def test_settings_that_the_start_cannot_do_are_refused_by_the_trainings_name(
    train: dict[str, Any], said: str, recipe: dict[str, Any], tmp_path: Path
) -> None:
    refused({**recipe, "train": train}, tmp_path, said)


def test_what_does_not_fit_whatever_the_rows_are_is_refused(
    recipe: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as small:
        small.setattr(told, "available_memory", lambda: 1000)
        refused(recipe, tmp_path, "of memory are needed")
    monkeypatch.setattr(told, "KEPT", 1 << 50)
    refused(recipe, tmp_path, "free, and two saved states and the checkpoints take")


def test_files_that_are_read_when_the_data_are_made_are_read_before(recipe: dict[str, Any], tmp_path: Path) -> None:
    (bad := tmp_path / "held-out.jsonl").write_text('{"question": "1 + 1?"}\n{"neither": 1}\n')
    refused({**recipe, "data": {"decontaminate": str(bad)}}, tmp_path, f"{bad}:2: no evaluation item")


def test_another_checkpoint_that_would_answer_later_is_looked_at_too(recipe: dict[str, Any], tmp_path: Path) -> None:
    other = tiny_checkpoint(tmp_path / "other", width=64)
    (stage,) = recipe["generate"]
    refused({**recipe, "generate": [{**stage, "checkpoint": str(other)}]}, tmp_path, "other: another architecture")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"evaluate": {"benchmark": "needle", "longest": 300}},
            "evaluate.longest: a text of 300 tokens, and the context holds 256",
        ),
        ({"evaluate": {"benchmark": "needle"}}, "give evaluate.longest=256 or less"),
        (
            {"serving": {"max_model_len": 2048}, "evaluate": {"benchmark": "needle", "longest": 4096}},
            "holds 2,048 (serving",
        ),
        (
            {"max_tokens": 256},
            "evaluate.max_tokens: an answer of 256 tokens, and the context holds 256 with its prompt",
        ),
        ({"sampling": {"max_tokens": 999}}, "generate.0.sampling.max_tokens: an answer of 999 tokens"),
    ],
)
def test_a_length_for_which_the_context_has_no_room_is_refused(
    changed: dict[str, Any], said: str, recipe: dict[str, Any], tmp_path: Path
) -> None:
    if "max_tokens" in changed:
        recipe["evaluate"] |= changed
    elif "sampling" in changed:
        recipe["generate"][0] |= changed
    else:
        recipe |= changed
    refused(recipe, tmp_path, said)


def test_lengths_that_nobody_asked_for_are_as_long_as_the_context_lets_them(
    recipe: dict[str, Any], tmp_path: Path
) -> None:
    (file := tmp_path / "r.yaml").write_text(json.dumps(recipe))
    done = lab("run", file, "--out", tmp_path / "out", "--dry-run")
    assert done.exit_code == 0, done.output  # whose answers may have 512 tokens, of 256


def test_a_plan_fetches_nothing_and_says_what_it_did_not_look_at(
    recipe: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(name: str) -> Path:
        raise AssertionError(f"{name} was fetched")

    monkeypatch.setattr("checkpoints.directory._from_hub", fetched)
    (file := tmp_path / "r.yaml").write_text(json.dumps({**recipe, "checkpoint": "owner/name"}))
    done = lab("run", file, "--dry-run")
    assert (done.exit_code, "owner/name: not on this disk yet" in done.stdout) == (0, True), done.output
    plan = json.loads(lab("run", file, "--dry-run", "--json").stdout)
    assert len(plan["unchecked"]) == 1


def test_a_sound_recipe_is_planned_and_nothing_is_made(recipe: dict[str, Any], tmp_path: Path) -> None:
    edit_json(Path(recipe["checkpoint"]) / "config.json", use_cache=False)
    (file := tmp_path / "r.yaml").write_text(json.dumps({**recipe, "rounds": {"count": 2}}))
    done = lab("rounds", file, "--out", tmp_path / "out", "--dry-run")
    assert done.exit_code == 0, done.output
    assert "round 2" in done.stdout and not (tmp_path / "out").exists()
