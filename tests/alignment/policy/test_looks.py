"""What is said before a run on the policy's own answers: what the run then does, and what it would refuse hours later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from small_trainings import ignore
from tiny_checkpoints import tiny_checkpoint, tiny_tokenizer
from torch_rollouts import TorchRollouts
from toy_rewards import ToyRewards, toy_problems
from typer.testing import CliRunner

from alignment import AlignmentError
from alignment.dry_run import dry_run, told
from alignment.trainings import training_of
from alignment.trainings.distill import train_distill
from alignment.trainings.ppo import look
from alignment.trainings.ppo.loop import train_ppo
from checkpoints.directory import parameters
from cli import app
from recipes.trainings import PPO, Distill

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.usefixtures("one_core")
SMALL = {"batch_size": 2, "samples": 4, "max_tokens": 6, "max_length": 256, "max_steps": 3}


@pytest.fixture(autouse=True)
def docker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this machine, whatever it has."""
    monkeypatch.setattr(look, "docker_problem", lambda: None)


@pytest.fixture
def start(tmp_path: Path) -> Path:
    toy_problems(tmp_path / "problems.jsonl")
    rows: list[dict[str, Any]] = [{"prompt": f"Say {word}."} for word in ("the", "cat", "sat", "mat", "x " * 300)]
    (tmp_path / "asks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tiny_checkpoint(tmp_path / "start", width=64)


def reward_model(folder: Path, start: Path) -> Path:
    from alignment.tokens.conversations import load_format
    from alignment.trainings.reward import load_scorer, padding_of

    load_scorer(start, padding_of(load_format(start))).save_pretrained(tiny_tokenizer(folder))
    return folder


def test_of_ppo_rows_and_steps_are_those_of_the_run_and_its_tokens_are_within_what_is_said(
    start: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alignment.trainings.ppo.ahead.Rollouts", TorchRollouts)
    settings, problems = PPO(**SMALL, advantage="gae"), start.parent / "problems.jsonl"
    found = dry_run(training_of("ppo"), start, problems, start.parent / "out", settings)
    assert not (start.parent / "out").exists()
    judge = ToyRewards(lambda text: float(len(text) % 2))
    done = train_ppo(start, problems, start.parent / "out", settings, on_progress=ignore, rewards=judge)
    assert (found.rows, found.dropped, found.steps) == (done.rows, done.dropped, done.steps) == (4, {}, 3)
    assert found.answers == 8 and 0 < done.tokens <= found.tokens and found.learned_tokens == 3 * 8 * 6
    assert found.notes[0] == "of 4 problems 4 have tests to hold out, 4 a call that a canary can be made of"
    assert found.notes[1].startswith("not checked before the start: that the solutions (4) pass their tests")


def test_of_distillation_too_and_the_teacher_is_counted(start: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alignment.trainings.ppo.ahead.Rollouts", TorchRollouts)
    settings, asks = Distill(**SMALL, teacher=str(start)), start.parent / "asks.jsonl"
    found = dry_run(training_of("distill"), start, asks, start.parent / "out", settings)
    done = train_distill(start, asks, start.parent / "out", settings, on_progress=ignore)
    assert (found.rows, found.dropped, found.steps) == (done.rows, done.dropped, done.steps) == (4, {"too_long": 1}, 3)
    assert 0 < done.tokens <= found.tokens
    one = dry_run(training_of("distill"), start, asks, start.parent / "o", settings.model_copy(update={"staleness": 2}))
    assert one.memory_bytes - found.memory_bytes == 8 * parameters(start), "two sets of weights on their way"


def test_of_several_processes_each_loads_all_weights_and_has_its_part_of_the_rest(
    start: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alignment.dry_run.available_memory", lambda: 1 << 40)  # whatever else is at work here
    training, asks, settings = training_of("distill"), start.parent / "asks.jsonl", Distill(**SMALL, teacher=str(start))
    one, two = (dry_run(training, start, asks, start.parent / "o", settings, processes) for processes in (1, 2))
    assert 8 * parameters(start) < two.memory_bytes < one.memory_bytes < 2 * two.memory_bytes
    assert "of memory in each of 2 processes" in "".join(told(two))


def test_the_command_says_it_to_people_and_to_programs(start: Path) -> None:
    sets = [part for name, value in SMALL.items() for part in ("--set", f"{name}={value}")]
    asked = ["train", "ppo", str(start), "--data", str(start.parent / "problems.jsonl"), "--out", str(start.parent / "o"), *sets, "--dry-run"]  # fmt: skip
    shown = CliRunner().invoke(app, asked)
    assert shown.exit_code == 0, shown.output
    assert "3 steps, 8 answers each, at most" in shown.output and "not checked before the start" in shown.output
    assert json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)["answers"] == 8
    assert not (start.parent / "o").exists()


def test_what_the_run_would_refuse_is_refused(start: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problems, asks = start.parent / "problems.jsonl", start.parent / "asks.jsonl"

    def refused(name: str, data: Path, match: str, **other: Any) -> None:
        training = training_of(name)
        settings = training.settings.model_validate({**SMALL, **other})
        with pytest.raises(AlignmentError, match=match):
            dry_run(training, start, data, start.parent / "o", settings)

    refused("ppo", problems, "has positions for 512 tokens; lower max_length", max_length=1024)
    refused("ppo", problems, "no problem is left whose tests could be a reward: 4 too_long", max_tokens=250)
    (math := start.parent / "m.jsonl").write_text(json.dumps({"question": "1+1?", "answer": "#### 2"}) + "\n")
    refused("ppo", math, "earns no reward here")
    refused("ppo", asks, "no reward model", reward=str(start), kl_weight=0.05)
    refused("distill", asks, "leaves room for an answer", teacher=str(start), max_tokens=250)
    other = tiny_checkpoint(start.parent / "other", width=32)
    refused("distill", asks, "other: has positions for 256 tokens", teacher=str(other), max_length=300)
    vocabulary = json.loads((other / "tokenizer.json").read_text())
    vocabulary["model"]["vocab"].popitem()
    (other / "tokenizer.json").write_text(json.dumps(vocabulary))
    refused("distill", asks, "its tokenizer is not that of", teacher=str(other))
    (start / "chat_template.jinja").unlink()
    refused("ppo", problems, "template")
    tiny_tokenizer(start)
    monkeypatch.setattr(look, "docker_problem", lambda: "Docker does not answer: start it")
    refused("ppo", problems, "Docker does not answer")


def test_a_run_refuses_a_reward_that_is_none_or_of_too_few_positions_as_its_dry_run_does(start: Path) -> None:
    asks, narrow = start.parent / "asks.jsonl", tiny_checkpoint(start.parent / "narrow", width=32)
    few = reward_model(start.parent / "few", narrow)
    asked = {start.parent / "nowhere": "missing", start: "no reward model", few: "few: has positions for 256 tokens"}
    for reward, match in asked.items():
        settings = PPO(**{**SMALL, "max_length": 300}, reward=str(reward))
        with pytest.raises(AlignmentError, match=match):
            train_ppo(start, asks, start.parent / "o", settings, on_progress=ignore)


def test_a_reward_model_is_looked_at_and_a_run_that_nothing_holds_near_its_start_is_told(start: Path) -> None:
    scorer = reward_model(start.parent / "scorer", start)
    asks = start.parent / "asks.jsonl"

    def looked(**other: Any) -> Any:
        return dry_run(training_of("ppo"), start, asks, start.parent / "o", PPO(**SMALL, reward=str(scorer), **other))

    assert "a reward model needs a kl_weight" in told(looked())[-1]
    held = looked(kl_weight=0.05)
    assert not held.notes and held.rows == 4
    assert held.memory_bytes - looked().memory_bytes == 4 * parameters(start), "the copy of the start"
