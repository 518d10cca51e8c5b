"""Several processes train what one does: every weight cut among them, the same batches, the same end."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from small_trainings import ignore, needs_checkpoint

from alignment import AlignmentError
from alignment.child import free_port, processes_of, run_in_subprocess
from alignment.job import TrainingProgress, TrainResult
from alignment.processes import environment, refuse_uneven
from alignment.trainer import plan_batches
from alignment.trainings.dpo import train_dpo
from alignment.trainings.reward import train_reward
from alignment.trainings.sft import train_sft
from recipes.trainings import DPO, PPO, SFT, Reward

pytestmark = [needs_checkpoint, pytest.mark.usefixtures("one_core")]


def weights(folder: Path) -> dict[str, Any]:
    from safetensors.torch import load_file

    return {name: tensor.float() for name, tensor in load_file(folder / "model.safetensors").items()}


def alike(start: Path, one: Path, other: Path, share: float) -> None:
    """Both moved alike from the start: they are apart by less than a share of the way, which is how sums are ordered."""
    begun, mine, others = weights(start), weights(one), weights(other)
    assert mine.keys() == others.keys()
    way = sum(float((mine[name] - begun[name]).abs().sum()) for name in mine if name in begun)
    apart = sum(float((mine[name] - others[name]).abs().sum()) for name in mine)
    assert way > 0 and apart < share * way
    assert json.loads((one / "config.json").read_text()) == json.loads((other / "config.json").read_text())


def curve(result: TrainResult, name: str, within: float) -> list[Any]:
    return [pytest.approx(value, rel=within, abs=2e-3) for _, value in result.metrics[name]]


def test_two_processes_stopped_and_gone_on_end_with_the_weights_of_one(
    tiny: Path, sft_data: Path, tmp_path: Path
) -> None:
    settings = SFT(max_steps=6, lr=3e-3, batch_size=4)
    whole = train_sft(tiny, sft_data, tmp_path / "whole", settings, on_progress=ignore)

    def interrupt(progress: TrainingProgress) -> None:
        raise KeyboardInterrupt

    cut, before = tmp_path / "cut", started()
    with pytest.raises(KeyboardInterrupt):
        run_in_subprocess("sft", tiny, sft_data, cut, settings, on_progress=interrupt, processes=2)
    assert started() == before, "a process is left"
    with pytest.raises(AlignmentError, match=r"several processes saved it.*--processes 2"):
        train_sft(tiny, sft_data, cut, settings, on_progress=ignore)
    seen: list[TrainingProgress] = []
    resumed = run_in_subprocess("sft", tiny, sft_data, cut, settings, on_progress=seen.append, processes=2)
    assert seen[0].step > 1, "it started over"
    assert [loss for _, loss in resumed.losses] == [pytest.approx(loss, rel=2e-3) for _, loss in whole.losses]
    assert [value for _, value in resumed.metrics["grad_norm"]] == curve(whole, "grad_norm", 2e-2)
    alike(tiny, tmp_path / "whole", cut, 0.02)


def test_a_kill_of_one_process_ends_both_and_dpo_goes_on_with_the_figures_of_both(
    tiny: Path, dpo_data: Path, tmp_path: Path
) -> None:
    settings = DPO(max_steps=4, lr=1e-3, batch_size=4, save_every_s=0)
    whole = train_dpo(tiny, dpo_data, tmp_path / "whole", settings, on_progress=ignore)
    cut, before = tmp_path / "cut", started()

    def kill_the_second(progress: TrainingProgress) -> None:
        if progress.step == 2:
            os.kill(max(pid for pid in started() if pid not in before), signal.SIGKILL)

    with pytest.raises(AlignmentError, match="no result"):
        run_in_subprocess("dpo", tiny, dpo_data, cut, settings, on_progress=kill_the_second, processes=2)
    assert started() == before, "a process is left"
    seen: list[TrainingProgress] = []
    resumed = run_in_subprocess("dpo", tiny, dpo_data, cut, settings, on_progress=seen.append, processes=2)
    assert seen[0].step > 1, "it started over"
    # The NLL term is a mean over each forward pass, and two processes cut a batch into others.
    assert [loss for _, loss in resumed.losses] == [pytest.approx(loss, rel=2e-2) for _, loss in whole.losses]
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


def started() -> set[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(pid) for task in tasks for pid in task.read_text().split()}


def test_a_batch_that_is_not_cut_evenly_and_trainings_of_one_process_are_refused_with_the_mend() -> None:
    with pytest.raises(AlignmentError, match="batch_size=6 is not cut evenly among 4 processes; give 8"):
        refuse_uneven(6, 4)
    with pytest.raises(AlignmentError, match="--processes 2: ppo trains in one process"):
        processes_of("ppo", PPO(), 2)
    with pytest.raises(AlignmentError, match="adapters train in one process"):
        processes_of("sft", SFT(lora_rank=4), 2)
    assert processes_of("sft", SFT(), 4) == 4


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
    assert processes_of("sft", SFT(batch_size=batch_size), None) == processes
    assert processes_of("ppo", PPO(), None) == 1
