"""Batches drawn ahead of the learner: which weights draw them, that both work at once, and that a kill changes no bit."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ppo_worker import vowels
from small_trainings import ignore
from torch_rollouts import TorchRollouts
from toy_rewards import ToyRewards
from typer.testing import CliRunner

from alignment import AlignmentError
from alignment.job import TrainingProgress, TrainResult
from alignment.tokens.conversations import load_format
from alignment.trainings.ppo.ahead import Ahead
from alignment.trainings.ppo.learner import Learner
from alignment.trainings.ppo.loop import collect, set_advantages, train_ppo
from alignment.trainings.ppo.objective import by_lag
from alignment.trainings.ppo.problems import tasks_of
from checkpoints.write import write_like
from cli import app
from recipes.trainings import PPO
from serving import ServingError

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.usefixtures("one_core")
STEPS = 6


def settings(staleness: int = 0, **other: Any) -> PPO:
    known = {"max_steps": STEPS, "lr": 1e-2, "batch_size": 2, "samples": 16, "max_tokens": 12, "max_length": 256}
    return PPO(**{**known, "warmup_ratio": 0, "save_every_s": 0, "staleness": staleness, **other})


def run(
    start: Path, name: str, wanted: PPO, watch: Callable[[TrainingProgress], None] = ignore
) -> tuple[TrainResult, bytes]:
    """What came of it, and the weights that it left."""
    out, problems = start.parent / name, start.parent / "problems.jsonl"
    result = train_ppo(start, problems, out, wanted, on_progress=watch, rewards=ToyRewards(vowels))
    return result, (out / "model.safetensors").read_bytes()


def series(result: TrainResult, name: str) -> list[float]:
    return [value for _, value in result.metrics[name]]


def test_with_a_staleness_of_0_a_run_is_one_batch_after_another(start: Path, engines: list[TorchRollouts]) -> None:
    result, weights = run(start, "run", settings())
    wanted, form, engine = settings(), load_format(start), TorchRollouts(start, None)
    tasks, _ = tasks_of(form, start.parent / "problems.jsonl", wanted)
    learner, cursor = Learner(start, wanted, STEPS), 0
    for step in range(STEPS):
        batch = collect(tasks, wanted, engine, ToyRewards(vowels), form, step, cursor)  # type: ignore[arg-type]
        cursor = batch.cursor
        for answer, own in zip(batch.answers, learner.measure(batch.answers, step)[0], strict=True):
            answer.old = own
        set_advantages(batch.answers, [], wanted)
        assert learner.update(batch.answers, step, first=False)["loss"] == result.losses[step][1]
        engine.update(learner.weights())
    (start.parent / "by-hand").mkdir()
    write_like(learner.model, start, start.parent / "by-hand", draft=start.parent / "draft")
    assert (start.parent / "by-hand" / "model.safetensors").read_bytes() == weights
    assert engines[0].drawn == engine.drawn
    assert series(result, "mismatch/lag") == [0] * STEPS


@pytest.mark.parametrize(
    ("staleness", "lags"), [(0, [0, 0, 0, 0, 0, 0]), (1, [0, 1, 1, 1, 1, 1]), (2, [0, 1, 2, 2, 2, 2])]
)
def test_what_is_learned_from_was_drawn_by_weights_so_many_updates_older(
    staleness: int, lags: list[int], start: Path, engines: list[TorchRollouts]
) -> None:
    result, _ = run(start, "run", settings(staleness))
    assert series(result, "mismatch/lag") == lags
    assert [version for _, version in engines[0].drawn] == [step - lag for step, lag in enumerate(lags)]
    by = {lag: [value for _, value in result.metrics[f"mismatch/kl_lag{lag}"]] for lag in set(lags)}
    assert [len(by[lag]) for lag in sorted(by)] == [lags.count(lag) for lag in sorted(by)]
    assert max(by[0]) < 0.01 < max(by[max(lags)]) or not staleness, "older weights are another policy"


def test_what_is_rewarded_is_learned_all_the_same(start: Path, engines: list[TorchRollouts]) -> None:
    result, _ = run(start, "run", settings(2, max_steps=22))
    rewards = series(result, "reward/mean")
    assert rewards[0] < 0.1 and rewards[-1] > 0.7


@pytest.mark.parametrize("staleness", [1, 2])
def test_killed_and_gone_on_with_it_ends_in_the_same_bits_and_what_was_drawn_is_not_drawn_again(
    staleness: int, start: Path, engines: list[TorchRollouts]
) -> None:
    def stop(progress: TrainingProgress) -> None:
        if progress.step == 3:
            raise KeyboardInterrupt

    whole, weights = run(start, "whole", settings(staleness))
    with pytest.raises(KeyboardInterrupt, match="saved at step 3"):
        run(start, "cut", settings(staleness), stop)
    resumed, again = run(start, "cut", settings(staleness))
    assert again == weights and resumed.losses == whole.losses
    assert series(resumed, "mismatch/lag") == series(whole, "mismatch/lag")
    assert engines[2].drawn == engines[0].drawn[3 + staleness :], "the rest alone, under the same weights"


@pytest.mark.parametrize("staleness", [0, 1])
def test_an_engine_that_keeps_the_weights_of_before_the_kill_is_told_before_anything_is_learned(
    staleness: int, start: Path, engines: list[TorchRollouts], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(progress: TrainingProgress) -> None:
        if progress.step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(start, "cut", settings(staleness, lr=1e-1), stop)
    monkeypatch.setattr(TorchRollouts, "update", lambda engine, weights: None)
    with pytest.raises(AlignmentError, match="ratio of sampler and trainer is not 1"):
        run(start, "cut", settings(staleness, lr=1e-1))


def test_the_next_batch_is_drawn_while_this_one_is_learned_from(
    start: Path, engines: list[TorchRollouts], monkeypatch: pytest.MonkeyPatch
) -> None:
    learning, seen = threading.Event(), []
    update, sample = Learner.update, TorchRollouts.sample

    def learn(learner: Learner, *given: Any, **named: Any) -> Any:
        learning.set()
        return update(learner, *given, **named)

    def draw(engine: TorchRollouts, *given: Any, **named: Any) -> Any:
        if len(engine.drawn) == 1:  # of the second step: does the first one's update begin before it ends?
            seen.append(learning.wait(60))
        return sample(engine, *given, **named)

    monkeypatch.setattr(Learner, "update", learn)
    monkeypatch.setattr(TorchRollouts, "sample", draw)
    run(start, "run", settings(1, max_steps=2))
    assert seen == [True]


def test_weights_that_are_handed_over_while_the_engine_is_behind_hold_nothing_up(
    start: Path, engines: list[TorchRollouts], monkeypatch: pytest.MonkeyPatch
) -> None:
    handed, ended = threading.Event(), []
    update, sample = Ahead.update, TorchRollouts.sample

    def hand(ahead: Ahead, learner: Learner) -> None:
        update(ahead, learner)
        handed.set()

    def draw(engine: TorchRollouts, *given: Any, **named: Any) -> Any:
        if len(engine.drawn) == 1:  # what was asked for before the update is drawn when the update already waits
            handed.wait(60)
        return sample(engine, *given, **named)

    monkeypatch.setattr(Ahead, "update", hand)
    monkeypatch.setattr(TorchRollouts, "sample", draw)
    running = threading.Thread(target=lambda: ended.append(run(start, "run", settings(2, max_steps=4))), daemon=True)
    running.start()
    running.join(120)
    assert ended, "it waits for what is behind it"


def test_what_ends_the_drawing_ends_the_run(start: Path, engines: list[TorchRollouts]) -> None:
    from alignment.trainings.ppo.rewards import Judged

    judge = ToyRewards(lambda text: Judged(1.0, "accepted", canary=bool(engines[0].version)))
    with pytest.raises(AlignmentError, match="passed a test that no program can pass"):
        train_ppo(start, start.parent / "problems.jsonl", start.parent / "o", settings(1, advantage="gae"), on_progress=ignore, rewards=judge)  # fmt: skip
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("rollouts")]


@pytest.mark.parametrize("staleness", [0, 1])
def test_nothing_is_drawn_under_weights_that_did_not_arrive_whole(
    staleness: int, start: Path, engines: list[TorchRollouts], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(engine: TorchRollouts, weights: Any) -> None:
        raise ServingError("vLLM kept what it had computed under the old weights")

    monkeypatch.setattr(TorchRollouts, "update", broken)
    with pytest.raises(AlignmentError, match="kept what it had computed"):
        run(start, "run", settings(staleness))
    assert [version for _, version in engines[0].drawn] == [0] * (1 + staleness)


def test_the_kl_is_told_by_lag() -> None:
    told = by_lag(torch.tensor([-1.0, -1.0, -2.0]), torch.tensor([-1.0, -1.5, -2.0]), [0, 2, 0])
    assert told == pytest.approx({"kl_lag0": 0, "kl_lag2": math.e**0.5 - 1.5, "lag": 2 / 3})


@pytest.mark.parametrize("value", ["3", "-1", "much"])
def test_another_staleness_is_refused(value: str, tmp_path: Path) -> None:
    asked = ["train", "ppo", "x", "--data", "y", "--out", str(tmp_path / "o"), "--set", f"staleness={value}"]
    told = CliRunner().invoke(app, asked)
    assert told.exit_code and "staleness" in told.stderr and not (tmp_path / "o").exists()
