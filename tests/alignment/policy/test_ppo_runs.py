"""PPO with the real engine, in processes of its own: rollouts are what the trainer says they are, what is rewarded is learned, and a
kill changes no bit.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from small_trainings import ROOT
from tiny_checkpoints import tiny_checkpoint
from toy_rewards import toy_problems

from alignment.trainings.ppo.objective import NEAR_1

pytestmark = pytest.mark.vllm


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which `ppo_worker.py` has left its facts and its trainings."""
    folder = tmp_path_factory.mktemp("ppo")
    given = (tiny_checkpoint(folder / "start", width=64), toy_problems(folder / "problems.jsonl"), folder)
    command = [sys.executable, str(ROOT / "tests" / "stand_ins" / "trainings" / "ppo_worker.py"), *map(str, given)]
    worked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert worked.returncode == 0, worked.stderr[-3000:]
    return folder


def test_a_seed_decides_the_answers(ran: Path) -> None:
    told = json.loads((ran / "rollouts.json").read_text())
    assert told["same_seed_same_answers"] and told["other_seed_other_answers"] and told["lengths_agree"]


def test_updated_weights_give_the_trainers_log_probabilities(ran: Path) -> None:
    told = json.loads((ran / "rollouts.json").read_text())
    assert told["before"] < 0.01 and told["updated"] < 0.01 and told["stale"] > 0.1
    assert told["versions"] == [1]


def test_an_update_while_requests_wait_is_known_token_by_token(ran: Path) -> None:
    told = json.loads((ran / "rollouts.json").read_text())
    assert told["midway"] == [[1], [1, 2], [1, 2], [1, 2]] and told["midway_in_order"]
    assert told["midway_off_by"] < 0.01


def test_a_sampler_whose_log_probabilities_are_of_something_else_is_refused(ran: Path) -> None:
    told = json.loads((ran / "rollouts.json").read_text())
    assert told["refused"] == ["temperature", "top_k", "top_p", "a grammar"]


def test_it_learns_what_is_rewarded_and_leaves_a_checkpoint(ran: Path) -> None:
    metrics = json.loads((ran / "whole.json").read_text())["result"]["metrics"]
    rewards = [value for _, value in metrics["reward/mean"]]
    assert rewards[-1] > 1.5 * rewards[0]
    assert max(value for _, value in metrics["mismatch/kl"]) < NEAR_1["bfloat16"]
    assert (ran / "whole" / "model.safetensors").exists() and not (ran / "whole" / "state").exists()


def test_killed_and_resumed_it_ends_in_the_same_bits(ran: Path) -> None:
    whole, resumed = (json.loads((ran / f"{name}.json").read_text()) for name in ("whole", "resumed"))
    assert whole["first"] == 1 < resumed["first"], "it started over"
    assert resumed["result"]["losses"] == whole["result"]["losses"]
    assert (ran / "cut" / "model.safetensors").read_bytes() == (ran / "whole" / "model.safetensors").read_bytes()


def test_drawn_ahead_it_learns_killed_and_resumed_too_and_the_kl_of_older_weights_is_apart(ran: Path) -> None:
    whole, resumed = (json.loads((ran / f"{name}.json").read_text()) for name in ("ahead", "ahead_resumed"))
    assert whole["first"] == 1 < resumed["first"], "it started over"
    assert resumed["result"]["losses"] == whole["result"]["losses"]
    assert (ran / "ahead_cut" / "model.safetensors").read_bytes() == (ran / "ahead" / "model.safetensors").read_bytes()
    metrics = whole["result"]["metrics"]
    assert [value for _, value in metrics["mismatch/lag"]] == [0, 1, 1, 1, 1, 1]
    fresh, older = ([value for _, value in metrics[f"mismatch/kl_lag{lag}"]] for lag in (0, 1))
    assert max(fresh) < NEAR_1["bfloat16"] and min(older) > 3 * max(fresh)


def test_a_reward_that_leaks_is_caught(ran: Path) -> None:
    told = json.loads((ran / "leaky.json").read_text())
    assert "rewarded answers fail the tests that were held out" in told["error"] and told["after"] < 4


def test_a_student_comes_nearer_to_its_teacher_on_its_own_answers(ran: Path) -> None:
    metrics = json.loads((ran / "distilled.json").read_text())["result"]["metrics"]
    kl = [value for _, value in metrics["teacher/reverse_kl"]]
    assert kl[0] > 0.1 and kl[-1] < 0.3 * kl[0]
    assert max(value for _, value in metrics["mismatch/kl"]) < NEAR_1["bfloat16"]
    assert (ran / "distilled" / "model.safetensors").exists()
