"""A recipe from text to a Hugging Face directory, through the command line; and what a person sees of it."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pretrain_training as tiny
import pytest
import torch
from typer.testing import CliRunner

from cli import app
from pretrain.errors import PretrainError
from pretrain.huggingface import load_huggingface
from pretrain.run.recipe import load
from pretrain.run.stages import run
from pretrain.training.metrics import StepRecord
from pretrain.training.progress import Progress, matmul_peak

RECIPE = """\
name: tiny
model:
  hidden_size: 32
  intermediate_size: 64
  num_hidden_layers: 1
  num_attention_heads: 2
  num_key_value_heads: 1
  max_position_embeddings: 128
  tie_word_embeddings: true
tokenizer: {vocab_size: 300}
data:
  sources:
    - {name: plain, path: plain.jsonl, weight: 2}
    - {name: best, path: best.jsonl}
  held_out: 0.05
stages:
  - {kind: initial, tokens: 20 * 256, lr: 3e-3, batch_tokens: 256, sequence_length: 64}
  - {kind: annealing, tokens: 10 * 256, lr: 1e-3, batch_tokens: 256, sequence_length: 128, weights: {best: 1}, average: 3}
evaluation: {every: 5, tokens: 512, samples: ["sl"], sample_tokens: 4}
checkpoints: {every: 6}
""".replace("20 * 256", "5120").replace("10 * 256", "2560")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    for seed, name in enumerate(("plain", "best")):
        lines = [json.dumps({"text": text}) for text in tiny.text(seed)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    path = tmp_path / "recipe.yaml"
    path.write_text(RECIPE)
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def lab(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["train", "pretrain", *map(str, arguments)])


def test_recipe_becomes_a_model_and_a_run_broken_off_becomes_the_same_one(
    recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unbroken, broken = tmp_path / "unbroken", tmp_path / "broken"
    assert lab(recipe, "--out", unbroken).exit_code == 0

    show = Progress.step

    def interrupt(self: Progress, record: StepRecord) -> None:
        show(self, record)
        if (record.stage, record.step) in (("initial", 8), ("annealing", 7)):
            os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "step", interrupt)
        first = lab(recipe, "--out", broken)
        assert first.exit_code == 130 and "the same command goes on" in first.stderr
        assert lab(recipe, "--out", broken).exit_code == 130
    result = lab(recipe, "--out", broken, "--json")
    assert result.exit_code == 0
    assert (
        next(json.loads(line)["stage"] for line in result.stdout.splitlines() if "tokens_per_s" in line) == "annealing"
    )

    steps = [
        [(row["stage"], row["step"], row["loss"]) for row in rows(out / "metrics.jsonl")] for out in (unbroken, broken)
    ]
    assert steps[0] == steps[1] and len(steps[0]) == 30
    models = [load_huggingface(out / "model").state_dict() for out in (unbroken, broken)]
    assert all(torch.equal(models[0][name], models[1][name]) for name in models[0])

    stages = json.loads((unbroken / "stages.json").read_text())
    assert [stage["stage"] for stage in stages["stages"]] == ["initial", "annealing"]
    assert stages["model"] == "model" and stages["stages"][1]["averaged"] == 3
    assert {"initial", "annealing", "annealing-average"} == {path.name for path in (unbroken / "checkpoints").iterdir()}
    averaged, last = (
        load_huggingface(unbroken / "checkpoints" / f"annealing{end}").state_dict() for end in ("-average", "")
    )
    assert all(torch.equal(models[0][name], averaged[name]) for name in averaged)
    assert not all(torch.equal(models[0][name], last[name]) for name in last)
    samples = rows(unbroken / "samples.jsonl")
    assert {(row["stage"], row["step"]) for row in samples} >= {("initial", 5), ("annealing", 10)}
    assert all(row["prompt"] == "sl" for row in samples)


def test_recipe_on_two_processes_becomes_the_model_of_one(recipe: Path, tmp_path: Path) -> None:
    """Weights drawn block by block, evaluations, samples, an average and exports of a model that is sharded throughout."""
    assert lab(recipe, "--out", tmp_path / "one").exit_code == 0
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "cli"]
    command += ["train", "pretrain", str(recipe), "--out", str(tmp_path / "two"), "--set", "parallel.data=2"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-6000:]
    one, two = (json.loads((tmp_path / name / "stages.json").read_text()) for name in ("one", "two"))
    for mine, theirs in zip(two["stages"], one["stages"], strict=True):
        assert mine["evaluation"] == pytest.approx(theirs["evaluation"], abs=1e-4)
        assert mine["loss"] == pytest.approx(theirs["loss"], abs=1e-4)
    assert rows(tmp_path / "two" / "samples.jsonl") == rows(tmp_path / "one" / "samples.jsonl")
    for folder in ("checkpoints/initial", "checkpoints/annealing-average", "model"):
        mine, theirs = (load_huggingface(tmp_path / name / folder) for name in ("two", "one"))
        for (name, a), (_, b) in zip(mine.named_parameters(), theirs.named_parameters(), strict=True):
            torch.testing.assert_close(a, b, atol=1e-3, rtol=0, msg=name)


def test_run_directory_of_another_recipe_is_refused_with_what_changed(recipe: Path, tmp_path: Path) -> None:
    run(load(recipe, ["stages.0.tokens=256", "stages.1.tokens=256", "stages.1.average=0"]), tmp_path / "out")
    sets = ["--set", "stages.0.tokens=512", "--set", "stages.1.tokens=256", "--set", "stages.1.average=0"]
    result = lab(recipe, "--out", tmp_path / "out", *sets, "--set", "evaluation.every=3")
    assert result.exit_code == 1
    assert "was begun with another recipe; changed since: stages.0.tokens: " in result.stderr


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("stages.0.lr=-1", "stages.0.lr"),
        ("stages.0.batch_tokens=100", "stage initial: batch_tokens = 100"),
        ("model.num_key_value_heads=3", "num_attention_heads = 2 does not divide by num_key_value_heads = 3"),
    ],
)
def test_recipe_that_cannot_run_ends_with_1_before_anything_is_written(
    recipe: Path, tmp_path: Path, override: str, said: str
) -> None:
    result = lab(recipe, "--out", tmp_path / "out", "--set", override)
    assert result.exit_code == 1 and said in result.stderr and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("sets", "said"),
    [
        (["evaluation.sample_tokens=128"], r"'sl' has \d tokens; .* with sample_tokens = 128 at most 128"),
        (["stages=[{kind: long-context, lengths: [128], lr: 1e-3, batch_tokens: 256, min_tokens: 1, max_tokens: 512},"
          " {kind: annealing, tokens: 512, lr: 1e-3, batch_tokens: 256, sequence_length: 16}]"],
         "a context of 16 tokens holds no needle"),
    ],
)  # fmt: skip
def test_what_no_evaluation_has_room_for_is_refused_before_a_step(
    recipe: Path, tmp_path: Path, sets: list[str], said: str
) -> None:
    with pytest.raises(PretrainError, match=said):
        run(load(recipe, sets), tmp_path / "out")
    assert not (tmp_path / "out" / "metrics.jsonl").exists()


def test_shards_of_another_tokenizer_are_refused(recipe: Path, tmp_path: Path) -> None:
    short = ["stages.0.tokens=256", "stages.1.tokens=256", "stages.1.average=0"]
    run(load(recipe, short), tmp_path / "first")
    packed = f"data.sources.0.path={tmp_path / 'first' / 'data' / 'plain'}"
    with pytest.raises(
        PretrainError, match=r"source plain\) was packed with another tokenizer .*tokenizer: {from: DIRECTORY}"
    ):
        run(load(recipe, [*short, packed, "tokenizer.vocab_size=320"]), tmp_path / "second")
    same = [f"tokenizer.from={tmp_path / 'first' / 'tokenizer'}", "tokenizer.vocab_size=null"]
    run(load(recipe, [*short, packed, *same]), tmp_path / "third")


def test_ctrl_c_in_the_last_step_of_a_stage_stops_before_the_next(
    recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(self: Progress, record: StepRecord) -> None:
        if record.tokens == 512:
            os.kill(os.getpid(), signal.SIGINT)

    sets = ["--set=stages.0.tokens=512", "--set=stages.1.tokens=512"]
    with monkeypatch.context() as patch:
        patch.setattr(Progress, "step", interrupt)
        assert lab(recipe, "--out", tmp_path / "out", *sets).exit_code == 130
    assert {row["stage"] for row in rows(tmp_path / "out" / "metrics.jsonl")} == {"initial"}
    assert lab(recipe, "--out", tmp_path / "out", *sets).exit_code == 0
    assert [row["stage"] for row in rows(tmp_path / "out" / "metrics.jsonl")] == ["initial"] * 2 + ["annealing"] * 2


def test_a_run_goes_on_after_a_stage_whose_losses_were_not_finite_and_of_text_with_a_manifest_of_its_own(
    recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "text"
    text.mkdir()
    (tmp_path / "plain.jsonl").rename(text / "plain.jsonl")
    (text / "manifest.json").write_text('{"name": "a corpus", "files": ["plain.jsonl"]}')
    sets = ["--set=stages.0.tokens=512", "--set=stages.1.tokens=512", f"--set=data.sources.0.path={text}"]

    def interrupt(self: Progress, record: StepRecord) -> None:
        if record.stage == "annealing":
            os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "step", interrupt)
        assert lab(recipe, "--out", tmp_path / "out", *sets).exit_code == 130
    summary = json.loads((told := tmp_path / "out" / "stages.json").read_text())
    (stage,) = summary["stages"]
    stage |= {"loss": None, "evaluation": dict.fromkeys(stage["evaluation"])}
    told.write_text(json.dumps(summary))
    found = lab(recipe, "--out", tmp_path / "out", *sets)
    assert found.exit_code == 0, found.output
    assert [stage["stage"] for stage in json.loads(told.read_text())["stages"]] == ["initial", "annealing"]


def test_stage_whose_predecessor_lost_its_states_is_refused_and_not_trained_from_fresh_weights(
    recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sets = ["--set=stages.0.tokens=512", "--set=stages.1.tokens=512", "--set=checkpoints.every=1"]

    def interrupt(self: Progress, record: StepRecord) -> None:
        if record.stage == "annealing":
            os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "step", interrupt)
        assert lab(recipe, "--out", tmp_path / "out", *sets).exit_code == 130
    shutil.rmtree(tmp_path / "out" / "state" / "annealing")
    for lost in ("step-00000002", "step-00000001"):  # an older state is none of a stage that is finished
        shutil.rmtree(tmp_path / "out" / "state" / "initial" / lost)
        refused = lab(recipe, "--out", tmp_path / "out", *sets)
        assert refused.exit_code == 1
        assert "the last state of initial is gone, which annealing goes on from" in " ".join(refused.output.split())


def test_checkpoint_too_small_for_the_tokenizer_is_refused(recipe: Path, tmp_path: Path) -> None:
    short = ["stages.0.tokens=256", "stages.1.tokens=256", "stages.1.average=0"]
    run(load(recipe, short), tmp_path / "first")
    run(load(recipe, [*short, "tokenizer.vocab_size=320"]), tmp_path / "larger")
    text = recipe.read_text()
    continued = (
        text[: text.index("model:")]
        + f"model: {{from: {tmp_path / 'first' / 'model'}}}\n"
        + text[text.index("data:") :]
    )
    recipe.write_text(continued)
    with pytest.raises(PretrainError, match="its vocabulary of 300 does not hold the tokenizer's 320 tokens"):
        run(load(recipe, [*short, f"tokenizer.from={tmp_path / 'larger' / 'tokenizer'}"]), tmp_path / "second")
    # With its own tokenizer it goes on from where it was: the first loss is a trained model's.
    run(load(recipe, short), tmp_path / "third")
    assert rows(tmp_path / "third" / "metrics.jsonl")[0]["loss"] < rows(tmp_path / "first" / "metrics.jsonl")[0]["loss"]


RECORD = StepRecord("initial", 3, 300, 2.5, 1e-3, 0.7, 1234.5, 0.5, 64, 100, None, {"held_out": 2.75})


def shown(**options: bool) -> list[str]:
    stream = io.StringIO()
    progress = Progress(stream=stream, **options)
    progress.stage("initial", 1000)
    progress.step(RECORD)
    progress.sample("The ", "end", 3)
    progress.note("done", needle=0.9)
    progress.close()
    return stream.getvalue().splitlines()


def test_a_sample_cannot_drive_the_terminal() -> None:
    stream = io.StringIO()
    Progress(stream=stream).sample("The ", "end\n\x1b[2J\u202e", 3)
    assert stream.getvalue() == "  sample: The |end ⟨1B⟩[2J⟨202E⟩\n"


def test_off_a_terminal_progress_is_plain_lines() -> None:
    lines = shown()
    assert lines[1] == "initial: 1,000 tokens"
    for part in (
        "step 3 (30%)",
        "loss 2.5",
        "gradient norm 0.70",
        "tokens/s 1,234",
        "utilisation 50%",
        "held_out 2.7500",
    ):
        assert part in lines[2]
    assert lines[3:] == ["  sample: The |end", "done"]


def test_json_progress_is_one_object_a_line() -> None:
    stage, step, sample, note = map(json.loads, shown(as_json=True))
    assert stage == {"stage": "initial", "budget_tokens": 1000}
    assert step["loss"] == 2.5 and step["evaluation"] == {"held_out": 2.75}
    assert (sample["sample"], note["needle"]) == ("end", 0.9)


def test_silent_progress_says_nothing() -> None:
    assert shown(silent=True) == []


def test_measured_peak_draws_no_random_numbers_and_is_plausible() -> None:
    before = torch.get_rng_state()
    matmul_peak.cache_clear()
    assert 1e8 < matmul_peak(torch.device("cpu"), "float32") < 1e15
    assert torch.equal(torch.get_rng_state(), before)


def test_the_live_table_of_a_long_run_fits_80_columns() -> None:
    from rich.console import Console

    show = Progress(silent=True)
    show.stage("long-context-131072", 800_000_000_000)
    show.step(
        record := StepRecord(
            "long-context-131072", 190_000, 15_900_000_000, 2.1, 3e-4, 0.41, 1_234_567.0, 0.55, 131_072, 16_777_216
        )
    )
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(show.view(record, show._began + 1))
    lines = console.export_text().splitlines()
    assert lines[0].startswith("long-context-131072")
    assert "step 190,000 (2%)" in lines[0]
    assert "gradient norm" in lines[1]
    assert len(lines) == 4
    assert not any("\u2026" in line for line in lines)
