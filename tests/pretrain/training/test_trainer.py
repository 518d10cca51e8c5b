"""The loop: the golden curve, kill and resume, accumulation, precision, skipped updates, averaging."""

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pretrain_training as tiny
import pytest
import torch

from pretrain.data.packing import PackedBatch
from pretrain.errors import PretrainError
from pretrain.training import states as checkpoint
from pretrain.training.metrics import StepRecord
from pretrain.training.schedules import Training, snapshot_steps
from pretrain.training.trainer import Interrupted, train

GOLDEN = Path(__file__).parents[2] / "golden" / "pretrain_curve.json"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.shards(tmp_path_factory.mktemp("data") / "text")


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def curve(out: Path) -> list[dict[str, Any]]:
    """metrics.jsonl without what a clock decides."""
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    return [{k: v for k, v in line.items() if k not in ("tokens_per_s", "utilisation")} for line in lines]


def weights(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: parameter.detach().clone() for name, parameter in model.named_parameters()}


def golden_run(data: Path) -> dict[str, list[float]]:
    """200 steps with everything that shapes a curve: warm-up, cosine, both ramps, clipping, accumulation, held-out loss."""
    training = Training(
        tokens=100 * 256 + 100 * 512,
        lr=3e-3,
        warmup_tokens=20 * 256,
        batch_tokens=((0, 256), (100 * 256, 512)),
        sequence_length=((0, 64), (100 * 256, 128)),
        micro_batch_tokens=256,
        evaluate_every=50,
    )
    records: list[StepRecord] = []
    tiny.run(data, None, training, on_step=records.append)
    held_out = [record.evaluation["held_out"] for record in records if record.evaluation]
    return {"loss": [record.loss for record in records], "held_out": held_out}


def test_golden_curve_of_200_steps_is_reproduced(data: Path) -> None:
    found = golden_run(data)
    golden = json.loads(GOLDEN.read_text())
    assert len(found["loss"]) == 200
    assert found["loss"] == pytest.approx(golden["loss"], rel=1e-4)
    assert found["held_out"] == pytest.approx(golden["held_out"], rel=1e-4)
    assert found["held_out"][-1] < 0.6 * math.log(tiny.VOCABULARY)  # it learns, and is not merely repeatable


def test_run_killed_at_three_points_goes_on_bit_for_bit(data: Path, tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "stand_ins" / "pretrain_training.py"
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": f"{script.parents[2]}:{script.parent}"}
    killed = tmp_path / "killed"
    # Before the first state; while a state is being written; between two states.
    points = ("step:4", "writing:12", "step:16", "end")
    ran = subprocess.run(
        [sys.executable, script, data, killed, *points], env=environment, timeout=120, capture_output=True, text=True
    )
    assert not ran.returncode, ran.stderr
    ended = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [status for _, status, _ in ended] == [-signal.SIGKILL] * 3 + [0], ran.stderr
    assert [states for _, _, states in ended[:2]] == [[], ["step-00000006", "step-00000012.partial"]]

    tiny.run(data, tmp_path / "unbroken")
    assert curve(killed) == curve(tmp_path / "unbroken")
    assert [line["step"] for line in curve(killed)] == list(range(1, 21))


def test_ctrl_c_saves_the_state_and_the_same_call_goes_on(data: Path, tmp_path: Path) -> None:
    def interrupt(record: StepRecord) -> None:
        if record.step == 8:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(Interrupted):
        tiny.run(data, tmp_path / "broken", on_step=interrupt)
    assert checkpoint.latest(tmp_path / "broken" / "state" / "train").name == "step-00000008"
    broken = tiny.run(data, tmp_path / "broken")
    unbroken = tiny.run(data, tmp_path / "unbroken")
    assert curve(tmp_path / "broken") == curve(tmp_path / "unbroken")
    assert all(torch.equal(a, b) for a, b in zip(broken.model.parameters(), unbroken.model.parameters(), strict=True))
    again = tiny.run(data, tmp_path / "broken")  # finished: nothing is trained, the result is the same
    assert (again.steps, again.loss, again.evaluation) == (unbroken.steps, unbroken.loss, unbroken.evaluation)


def test_bfloat16_run_with_average_resumes_bit_for_bit(data: Path, tmp_path: Path) -> None:
    training = replace(tiny.SHORT, dtype="bfloat16", average_last=4, micro_batch_tokens=256)

    def stop(record: StepRecord) -> None:
        if record.step == 13:
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Interrupted):
        tiny.run(data, tmp_path / "broken", training, on_step=stop)
    broken = tiny.run(data, tmp_path / "broken", training)
    unbroken = tiny.run(data, tmp_path / "unbroken", training)
    assert curve(tmp_path / "broken") == curve(tmp_path / "unbroken")
    assert broken.average and all(torch.equal(broken.average[name], unbroken.average[name]) for name in broken.average)


def test_accumulated_gradients_weigh_tokens_not_micro_batches(data: Path) -> None:
    # Best-fit rows hold unequal numbers of targets, so that an average of averages would show.
    def losses(micro_batch_tokens: int | None) -> list[float]:
        records: list[StepRecord] = []
        training = replace(tiny.SHORT, tokens=10 * 512, micro_batch_tokens=micro_batch_tokens, evaluate_every=0)
        train(tiny.model(), tiny.loader(data, packing="best-fit"), training, on_step=records.append)
        return [value for record in records for value in (record.loss, record.grad_norm)]

    assert losses(128) == pytest.approx(losses(None), rel=1e-4)


def test_loss_is_the_mean_over_the_batchs_targets(data: Path) -> None:
    records: list[StepRecord] = []
    train(tiny.model(), tiny.loader(data), replace(tiny.SHORT, tokens=512, warmup_tokens=0), on_step=records.append)
    batch, model = tiny.loader(data).batch(), tiny.model()
    logits = model.logits(model(batch.tokens, batch.document_offsets))
    assert records[0].loss == pytest.approx(torch.nn.functional.cross_entropy(logits, batch.targets).item(), rel=1e-6)


def test_recomputed_blocks_give_the_same_curve(data: Path) -> None:
    def losses(**settings: Any) -> list[float]:
        records: list[StepRecord] = []
        model = tiny.model()
        train(model, tiny.loader(data), replace(tiny.SHORT, tokens=5 * 512, **settings), on_step=records.append)
        assert all("forward" not in block.__dict__ for block in model.blocks)
        return [record.loss for record in records]

    assert losses(activation_checkpointing=True) == losses()


def test_updates_too_small_for_bfloat16_are_not_lost(data: Path) -> None:
    model = tiny.model()
    before = weights(model)
    training = replace(tiny.SHORT, dtype="bfloat16", lr=1e-6, warmup_tokens=0, weight_decay=0.0, evaluate_every=0)
    result = train(model, tiny.loader(data), training)
    assert result.model is model and all(weight.dtype == torch.float32 for weight in model.parameters())
    norm = "blocks.0.attention_norm.weight"  # around 1, where bfloat16 steps are 0.004 to 0.008 wide
    moved = (weights(model)[norm] - before[norm]).abs()
    assert 0 < moved.max() < 1e-4


def test_bfloat16_curve_stays_beside_float32s(data: Path) -> None:
    exact = tiny.run(data, None)
    rounded = tiny.run(data, None, replace(tiny.SHORT, dtype="bfloat16"))
    assert rounded.evaluation["held_out"] == pytest.approx(exact.evaluation["held_out"], rel=0.01)


class Corrupted:
    """A loader some of whose batches are noise: what a broken shard or a mislabelled source does."""

    def __init__(self, loader: Any, batches: set[int]) -> None:
        self.loader, self.batches, self.drawn = loader, batches, 0

    def batch(self) -> PackedBatch:
        batch = self.loader.batch()
        self.drawn += 1
        if self.drawn not in self.batches:
            return batch
        noise = torch.randint(0, tiny.VOCABULARY, batch.targets.shape, generator=torch.Generator().manual_seed(1))
        return replace(batch, targets=torch.where(batch.targets >= 0, noise, batch.targets))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.loader, name)


def test_update_of_a_loss_spike_is_skipped_recorded_and_survived(data: Path, tmp_path: Path) -> None:
    seen: dict[int, dict[str, torch.Tensor]] = {}
    model = tiny.model()
    training = replace(tiny.SHORT, tokens=40 * 512, evaluate_every=0)
    result = train(
        model,
        Corrupted(tiny.loader(data), {35}),  # type: ignore[arg-type]
        training,
        tmp_path,
        on_step=lambda record: seen.update({record.step: weights(model)}),
    )
    skipped = [line for line in curve(tmp_path) if line["skipped"]]
    assert result.skipped == 1 and [line["step"] for line in skipped] == [35]
    assert "spike over the running median" in skipped[0]["skipped"]
    assert all(torch.equal(seen[34][name], seen[35][name]) for name in seen[34])
    assert not all(torch.equal(seen[35][name], seen[36][name]) for name in seen[35])


def test_training_stops_after_spikes_in_a_row_and_keeps_a_sound_state(data: Path, tmp_path: Path) -> None:
    training = replace(tiny.SHORT, tokens=60 * 512, evaluate_every=0, max_skips=3, checkpoint_every=36)
    noisy = Corrupted(tiny.loader(data), set(range(35, 60)))
    with pytest.raises(
        PretrainError, match=r"step 37: 3 updates in a row .* spike .* raise max_skips and the same command goes on"
    ):
        train(tiny.model(), noisy, training, tmp_path)  # type: ignore[arg-type]
    assert checkpoint.latest(tmp_path / "state" / "train") is None  # step 36 stood in the streak


def test_training_stops_where_the_loss_is_not_a_number(data: Path, tmp_path: Path) -> None:
    model = tiny.model()

    def poison(record: StepRecord) -> None:
        if record.step == 7:
            model.norm.weight.data.fill_(math.nan)

    with pytest.raises(PretrainError, match=r"5 updates in a row .* the loss is nan"):
        train(model, tiny.loader(data), replace(tiny.SHORT, evaluate_every=0), tmp_path, on_step=poison)
    last = curve(tmp_path)[-1]
    assert last["loss"] is None and last["skipped"] == "the loss is nan" and last["step"] == 12
    assert checkpoint.latest(tmp_path / "state" / "train").name == "step-00000006"


def test_average_is_the_mean_of_evenly_spaced_snapshots(data: Path) -> None:
    training = replace(tiny.SHORT, schedule="linear", average_last=4, evaluate_every=0)
    model, seen = tiny.model(), {}
    result = train(
        model, tiny.loader(data), training, on_step=lambda record: seen.update({record.step: weights(model)})
    )
    assert snapshot_steps(training) == {5, 10, 15, 20}
    assert result.average
    for name, average in result.average.items():
        mean = torch.stack([seen[step][name] for step in (5, 10, 15, 20)]).mean(0)
        torch.testing.assert_close(average, mean, rtol=1e-5, atol=1e-7)


def test_next_stage_takes_over_weights_moments_and_place_in_the_data(data: Path, tmp_path: Path) -> None:
    constant = replace(tiny.SHORT, schedule="constant", warmup_tokens=0, evaluate_every=0)
    records: list[StepRecord] = []
    train(tiny.model(), tiny.loader(data), constant, on_step=records.append)
    half = replace(constant, tokens=10 * 512)
    train(tiny.model(), tiny.loader(data), half, tmp_path, stage="first")
    start = checkpoint.latest(tmp_path / "state" / "first")
    train(tiny.model(), tiny.loader(data), half, tmp_path, stage="second", start=start)
    assert [line["loss"] for line in curve(tmp_path)] == [record.loss for record in records]
    assert [(line["stage"], line["step"]) for line in curve(tmp_path)[9:11]] == [("first", 10), ("second", 1)]


def test_gates_end_a_training_early_and_a_resumed_one_knows(data: Path, tmp_path: Path) -> None:
    def enough(tokens: int, evaluation: dict[str, float]) -> bool:
        return tokens >= 10 * 512 and evaluation["held_out"] < 10

    result = tiny.run(data, tmp_path, enough=enough)
    assert (result.steps, result.stopped_early) == (10, True)
    assert tiny.run(data, tmp_path, enough=enough).stopped_early
    assert len(curve(tmp_path)) == 10


def test_batch_and_length_grow_where_the_ramps_say(data: Path, tmp_path: Path) -> None:
    training = replace(
        tiny.SHORT, tokens=6 * 1024, batch_tokens=((0, 512), (2048, 1024)), sequence_length=((0, 64), (3072, 256))
    )
    train(tiny.model(), tiny.loader(data), replace(training, evaluate_every=0), tmp_path)
    assert [(line["batch_tokens"], line["sequence_length"]) for line in curve(tmp_path)] == (
        [(512, 64)] * 4 + [(1024, 64)] + [(1024, 256)] * 3
    )
    assert curve(tmp_path)[-1]["lr"] == pytest.approx(3e-5)


def test_row_longer_than_the_models_positions_is_refused(data: Path) -> None:
    with pytest.raises(PretrainError, match="a row of 512 tokens is longer than max_position_embeddings = 256"):
        train(tiny.model(), tiny.loader(data), replace(tiny.SHORT, sequence_length=512))


def test_damaged_state_and_missing_curve_are_named(data: Path, tmp_path: Path) -> None:
    tiny.run(data, tmp_path, replace(tiny.SHORT, tokens=6 * 512))
    (tmp_path / "metrics.jsonl").write_text("")
    longer = replace(tiny.SHORT, tokens=12 * 512)
    state = checkpoint.latest(tmp_path / "state" / "train")
    facts = json.loads((state / "state.json").read_text())
    (state / "state.json").write_text(json.dumps({**facts, "finished": False}))
    with pytest.raises(PretrainError, match=r"metrics.jsonl: 0 bytes, but the state to go on from had seen"):
        tiny.run(data, tmp_path, longer)
    next(state.glob("*.distcp")).write_bytes(b"")
    with pytest.raises(PretrainError, match=r"step-00000006: does not fit this training or is damaged"):
        tiny.run(data, tmp_path, longer)


def test_saved_state_is_what_it_was_when_save_was_called(tmp_path: Path) -> None:
    saver = checkpoint.Saver(tmp_path, keep=2)
    weight = torch.ones(1000, 1000)
    for step in (1, 2, 3):
        saver.save(step, {"weights": {"w": weight}}, {"step": step})
        weight.add_(1)  # the training goes on while the state is written
    saver.close()
    assert [path.name for path in checkpoint.whole_states(tmp_path)] == ["step-00000002", "step-00000003"]
    read = torch.zeros(1000, 1000)
    assert checkpoint.load(tmp_path / "step-00000002", {"weights": {"w": read}}) == {"step": 2}
    assert torch.equal(read, torch.full((1000, 1000), 2.0))


if __name__ == "__main__":  # writes the golden curve anew: for a change that is meant to move numerics
    import tempfile

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        GOLDEN.write_text(json.dumps(golden_run(tiny.shards(Path(folder)))) + "\n")
