"""PPO and distillation in two processes: what one would do, stopped and killed on the way, with the engine in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from several_processes import alike, curve, interrupt, kill_the_second, started
from small_trainings import ignore, json_lines
from tiny_checkpoints import tiny_checkpoint

from alignment import AlignmentError
from alignment.child import run_in_subprocess
from alignment.job import TrainingProgress
from alignment.trainings.reward import train_reward
from recipes.trainings import PPO, Distill, Reward

pytestmark = [pytest.mark.vllm, pytest.mark.usefixtures("one_core")]


@pytest.fixture
def start(tmp_path: Path) -> Path:
    return tiny_checkpoint(tmp_path / "start", width=64)


ASKS = [{"prompt": f"Say {word}."} for word in ("red", "blue", "green", "dog")]


def test_ppo_of_two_processes_with_critic_and_reference_stopped_and_gone_on_ends_with_the_weights_of_one(
    start: Path, dpo_data: Path, tmp_path: Path
) -> None:
    judge = tmp_path / "judge"
    train_reward(start, dpo_data, judge, Reward(max_steps=2, lr=1e-2, batch_size=2), on_progress=ignore)
    asks = json_lines(tmp_path / "asks.jsonl", ASKS)
    settings = PPO(
        reward=str(judge),
        kl_weight=0.1,
        advantage="gae",
        max_steps=3,
        lr=1e-3,
        batch_size=4,
        samples=2,
        max_tokens=8,
        max_length=128,
        warmup_ratio=0,
    )
    one = run_in_subprocess("ppo", start, asks, tmp_path / "one", settings, on_progress=ignore)
    cut, before = tmp_path / "two", started()
    with pytest.raises(KeyboardInterrupt):
        run_in_subprocess("ppo", start, asks, cut, settings, on_progress=interrupt, processes=2)
    assert started() == before, "a process is left"
    with pytest.raises(AlignmentError, match=r"several processes saved it.*--processes 2"):
        run_in_subprocess("ppo", start, asks, cut, settings, on_progress=ignore)
    seen: list[TrainingProgress] = []
    two = run_in_subprocess("ppo", start, asks, cut, settings, on_progress=seen.append, processes=2)
    assert seen[0].step > 1, "it started over"
    for name in ("reward/mean", "policy/value_loss", "policy/kl_to_start", "grad_norm"):
        assert [value for _, value in two.metrics[name]] == curve(one, name, 2e-2), name
    alike(start, tmp_path / "one", cut, 0.05)


def test_a_kill_of_one_process_ends_both_and_the_engine_and_distillation_goes_on(
    start: Path, sft_data: Path, tmp_path: Path
) -> None:
    settings = Distill(
        teacher=str(start), max_steps=4, lr=1e-3, batch_size=2, samples=2, max_tokens=8, max_length=128, save_every_s=0
    )
    out, before = tmp_path / "out", started()
    with pytest.raises(AlignmentError, match="no result"):
        run_in_subprocess("distill", start, sft_data, out, settings, on_progress=kill_the_second(before), processes=2)
    assert started() == before, "a process is left"
    seen: list[TrainingProgress] = []
    ended = run_in_subprocess("distill", start, sft_data, out, settings, on_progress=seen.append, processes=2)
    assert seen[0].step > 1, "it started over"
    assert ended.steps == 4 and (out / "model.safetensors").exists() and not (out / "state").exists()
    assert max(value for _, value in ended.metrics["teacher/reverse_kl"]) < 0.05, "the teacher is the student's start"
