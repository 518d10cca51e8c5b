"""Several processes train what one does: every weight cut among them, the same batches, the same end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from several_processes import alike, curve, interrupt, kill_the_second, started, weights
from small_trainings import ignore, needs_checkpoint

from alignment import AlignmentError, processes
from alignment.child import processes_of, run_in_subprocess
from alignment.dry_run import dry_run
from alignment.job import TrainingProgress, TrainResult
from alignment.processes import environment, free_port, inherited, refuse_uneven
from alignment.trainer import plan_batches
from alignment.trainings import training_of
from alignment.trainings.dpo import train_dpo
from alignment.trainings.dpo_watch import EVERY, WINDOW
from alignment.trainings.reward import train_reward
from alignment.trainings.sft import train_sft
from recipes.trainings import DPO, PPO, SFT, Reward

pytestmark = [needs_checkpoint, pytest.mark.usefixtures("one_core")]
copied = pytest.mark.usefixtures("warm_children")
"""Whose processes are copies of one that has imported all; those of the others are started afresh."""


def stopped_and_gone_on(start: Path, data: Path, cut: Path, settings: SFT, whole: TrainResult) -> None:
    """Two processes train, are stopped after a step and go on, with the losses of the `whole` training in one."""
    before = started()
    with pytest.raises(KeyboardInterrupt):
        run_in_subprocess("sft", start, data, cut, settings, on_progress=interrupt, processes=2)
    assert started() == before, "a process is left"
    with pytest.raises(AlignmentError, match=r"several processes saved it.*--processes 2"):
        train_sft(start, data, cut, settings, on_progress=ignore)
    (state,) = (cut / "state").glob("checkpoint-*")
    if settings.lora_rank:
        saved = sum(file.stat().st_size for file in state.iterdir())
        assert saved < (start / "model.safetensors").stat().st_size / 10, "a state holds the adapters alone"
    seen: list[TrainingProgress] = []
    resumed = run_in_subprocess("sft", start, data, cut, settings, on_progress=seen.append, processes=2)
    assert seen[0].step > 1, "it started over"
    assert [loss for _, loss in resumed.losses] == [pytest.approx(loss, rel=2e-3) for _, loss in whole.losses]
    assert [value for _, value in resumed.metrics["grad_norm"]] == curve(whole, "grad_norm", 2e-2)


@copied
def test_two_processes_stopped_and_gone_on_end_with_the_weights_of_one(
    tiny: Path, sft_data: Path, tmp_path: Path
) -> None:
    settings = SFT(max_steps=6, lr=3e-3, batch_size=4)
    whole = train_sft(tiny, sft_data, tmp_path / "whole", settings, on_progress=ignore)
    stopped_and_gone_on(tiny, sft_data, tmp_path / "cut", settings, whole)
    alike(tiny, tmp_path / "whole", tmp_path / "cut", 0.02)


@copied
def test_a_kill_of_one_process_ends_both_and_dpo_goes_on_with_the_figures_of_both(
    tiny: Path, dpo_data: Path, tmp_path: Path
) -> None:
    settings = DPO(max_steps=4, lr=1e-3, batch_size=4, save_every_s=0)
    whole = train_dpo(tiny, dpo_data, tmp_path / "whole", settings, on_progress=ignore)
    cut, before = tmp_path / "cut", started()
    with pytest.raises(AlignmentError, match="no result"):
        run_in_subprocess("dpo", tiny, dpo_data, cut, settings, on_progress=kill_the_second(before), processes=2)
    assert started() == before, "a process is left"
    seen: list[TrainingProgress] = []
    resumed = run_in_subprocess("dpo", tiny, dpo_data, cut, settings, on_progress=seen.append, processes=2)
    assert seen[0].step > 1, "it started over"
    assert [loss for _, loss in resumed.losses] == [pytest.approx(loss, rel=2e-3) for _, loss in whole.losses]
    for name in ("rewards/margins", "logps/chosen"):
        assert [value for _, value in resumed.metrics[name]] == curve(whole, name, 0.1), name
    alike(tiny, tmp_path / "whole", cut, 0.2)


def test_a_reward_model_of_two_processes_ranks_as_that_of_one_and_is_a_scorer(
    tiny: Path, dpo_data: Path, tmp_path: Path
) -> None:
    settings = Reward(max_steps=3, lr=1e-3, batch_size=4, held_out=0.3)
    one = train_reward(tiny, dpo_data, tmp_path / "one", settings, on_progress=ignore)
    two = run_in_subprocess("reward", tiny, dpo_data, tmp_path / "two", settings, on_progress=ignore, processes=2)
    assert [loss for _, loss in two.losses] == [pytest.approx(loss, rel=2e-3) for _, loss in one.losses]
    assert two.metrics["held_out/accuracy"] == one.metrics["held_out/accuracy"]
    alike(tiny, tmp_path / "one", tmp_path / "two", 0.02)


LORA: dict[str, Any] = {"lora_rank": 4, "lora_alpha": 8}


@copied
def test_adapters_of_two_processes_stopped_and_gone_on_are_merged_into_the_weights_of_one(
    tiny: Path, sft_data: Path, tmp_path: Path
) -> None:
    settings = SFT(max_steps=5, lr=2e-2, batch_size=4, **LORA)
    whole = train_sft(tiny, sft_data, tmp_path / "whole", settings, on_progress=ignore)
    stopped_and_gone_on(tiny, sft_data, tmp_path / "cut", settings, whole)
    alike(tiny, tmp_path / "whole", tmp_path / "cut", 0.05)
    begun, ended = weights(tiny), weights(tmp_path / "cut")
    assert begun.keys() == ended.keys(), "a plain checkpoint"
    assert {name for name in begun if not begun[name].equal(ended[name])} == {name for name in begun if "proj" in name}


@copied
def test_a_reward_model_of_adapters_and_two_processes_has_the_head_and_the_weights_of_one(
    tiny: Path, dpo_data: Path, tmp_path: Path
) -> None:
    settings = Reward(max_steps=3, lr=1e-2, batch_size=4, held_out=0.3, **LORA)
    one = train_reward(tiny, dpo_data, tmp_path / "one", settings, on_progress=ignore)
    two = run_in_subprocess("reward", tiny, dpo_data, tmp_path / "two", settings, on_progress=ignore, processes=2)
    assert [loss for _, loss in two.losses] == [pytest.approx(loss, rel=2e-3) for _, loss in one.losses]
    assert two.metrics["held_out/accuracy"] == one.metrics["held_out/accuracy"]
    alike(tiny, tmp_path / "one", tmp_path / "two", 0.05)
    assert weights(tmp_path / "two")["score.weight"].abs().max() > 0


@copied
def test_dpo_of_adapters_and_two_processes_is_looked_at_as_one_is(tiny: Path, dpo_data: Path, tmp_path: Path) -> None:
    settings = DPO(max_steps=EVERY + 2, lr=5e-3, batch_size=2, save_every_s=1e9, **LORA)
    one = train_dpo(tiny, dpo_data, tmp_path / "one", settings, on_progress=ignore)
    two = run_in_subprocess("dpo", tiny, dpo_data, tmp_path / "two", settings, on_progress=ignore, processes=2)
    looked = [name for name in one.metrics if name.startswith("answers/")]
    assert len(looked) == 3
    for name in looked:
        assert two.metrics[name] == [(EVERY, pytest.approx(one.metrics[name][0][1], rel=0.1))], name
    for name in ("rewards/margins", "logps/chosen_change"):
        assert [value for _, value in two.metrics[name]] == curve(one, name, 0.1), name
    alike(tiny, tmp_path / "one", tmp_path / "two", 0.2)


@copied
def test_dpo_past_a_limit_stops_in_both_processes_at_one_step_and_leaves_what_was_saved_before(
    tiny: Path, dpo_data: Path, tmp_path: Path
) -> None:
    settings = DPO(max_steps=60, lr=1e-2, batch_size=4, beta=1.0, nll_weight=0, save_every_s=0)
    out, before = tmp_path / "two", started()
    one = train_dpo(tiny, dpo_data, tmp_path / "one", settings, on_progress=ignore)
    two = run_in_subprocess("dpo", tiny, dpo_data, out, settings, on_progress=ignore, processes=2)
    assert started() == before, "a process is left"
    assert two.stopped.partition(" ")[0] == "stopped" and two.steps == one.steps == WINDOW - 1
    assert two.stopped.endswith(f"what it was after step {WINDOW - 1} is kept")
    alike(tiny, tmp_path / "one", out, 0.2)


def test_a_batch_that_is_not_cut_evenly_is_refused_with_the_mend() -> None:
    with pytest.raises(AlignmentError, match="batch_size=6 is not cut evenly among 4 processes; give 8"):
        refuse_uneven(6, 4)
    assert processes_of(SFT(lora_rank=4), 4) == processes_of(PPO(), 4) == 4


def test_more_processes_than_gpus_are_refused_before_one_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)
    assert processes_of(SFT(), 2) == 2
    with pytest.raises(AlignmentError, match="--processes 4: each takes a GPU, and 2 are here; give 2, or fewer"):
        processes_of(SFT(), 4)


def test_a_training_within_another_launcher_is_none_of_its_processes(
    tiny: Path, sft_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"WORLD_SIZE": "8", "RANK": "3", "MASTER_ADDR": "far", "ACCELERATE_USE_FSDP": "true"}.items():
        monkeypatch.setenv(name, value)  # with which it would wait for seven others
    assert inherited({"WORLD_SIZE": "8", "TORCHELASTIC_RUN_ID": "x", "HOME": "/"}) == {"HOME": "/"}
    settings = SFT(max_steps=1, batch_size=2)
    assert run_in_subprocess("sft", tiny, sft_data, tmp_path / "out", settings, on_progress=ignore).steps == 1


def test_a_dry_run_of_several_processes_counts_the_whole_weights_that_each_loads(
    tiny: Path, sft_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alignment.dry_run.available_memory", lambda: 1 << 40)  # whatever else is at work here
    one, many = (
        dry_run(training_of("sft"), tiny, sft_data, tmp_path / "out", SFT(batch_size=16), processes=processes)
        for processes in (1, 16)
    )
    assert 4 * many.parameters < many.memory_bytes < one.memory_bytes


def test_where_one_gpu_is_the_state_of_several_processes_is_sent_where_it_can_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shards").mkdir()
    for gpus, mend in (
        (1, "--processes 2 on a machine with as many GPUs, or another"),
        (2, "--processes 2, or another"),
    ):
        monkeypatch.setattr("torch.cuda.device_count", lambda count=gpus: count)
        with pytest.raises(AlignmentError, match=mend):
            processes.refuse_other_state(tmp_path)


def test_the_last_batch_of_several_processes_is_filled_up_and_micro_batches_are_cut_evenly() -> None:
    plan = plan_batches([10] * 10, epochs=1, batch_size=8, max_steps=-1, micro_batch=4, seed=0, processes=4)
    assert len(plan.order) == 16 and sorted(plan.order[:8] + plan.order[8:10])[:1] == [0]
    assert plan.batch_size % (plan.micro_batch * 4) == 0
    alone = plan_batches([10] * 10, epochs=1, batch_size=8, max_steps=-1, micro_batch=4, seed=0)
    assert len(alone.order) == 10


def test_one_process_has_no_surroundings_of_its_own_and_several_know_their_rank() -> None:
    assert environment(0, 1, 0) == {}
    assert environment(1, 2, free_port())["RANK"] == "1"


@pytest.mark.parametrize(
    ("gpus", "batch_size", "processes"), [(0, 16, 1), (8, 16, 8), (3, 16, 2), (6, 8, 4), (5, 7, 1)]
)
def test_by_default_as_many_gpus_train_as_cut_a_batch_evenly(
    gpus: int, batch_size: int, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.device_count", lambda: gpus)
    assert processes_of(SFT(batch_size=batch_size), None) == processes
