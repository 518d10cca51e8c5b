"""PPO rewarded by a reward model, and held near its start."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from small_trainings import assistant, user
from tiny_checkpoints import tiny_checkpoint, tiny_step_scorer, tiny_tokenizer

from alignment.tokens.conversations import encode, load_format
from alignment.trainings.ppo.learner import Answer, Learner
from alignment.trainings.ppo.problems import Task, tasks_of
from alignment.trainings.ppo.scores import CUT, ModelRewards
from alignment.trainings.reward import load_scorer, padding_of
from recipes.trainings import PPO
from serving import ServingError

torch = pytest.importorskip("torch")
ASKED = Task("row 0", (user("the cat"),), [1])


@pytest.fixture
def scorer(tmp_path: Path) -> Path:
    """A reward model whose head is random."""
    start = tiny_checkpoint(tmp_path / "start")
    model = load_scorer(start, padding_of(load_format(start)))
    torch.manual_seed(0)
    model.score.weight.data.normal_()
    model.save_pretrained(tiny_tokenizer(tmp_path / "reward"))
    return tmp_path / "reward"


def test_an_answer_is_worth_its_score_less_one_where_it_was_cut_and_an_empty_one_is_left_out(scorer: Path) -> None:
    form = load_format(scorer)
    model = load_scorer(scorer, padding_of(form)).eval()
    with ModelRewards(scorer, 128) as rewards:
        ended, cut, empty = (rewards.submit(ASKED, text, at).result(60) for text, at in (("the mat", False), ("the mat", True), (" ", False)))  # fmt: skip
    ids = encode(form, [user("the cat"), assistant("the mat")]).input_ids
    with torch.no_grad():
        expected = model(input_ids=torch.tensor([ids])).logits.item()
    assert ended.reward == pytest.approx(expected, abs=0.02) and abs(expected) > 0.05
    assert cut.reward == pytest.approx(expected - CUT, abs=0.02)
    assert (empty.reward, empty.why) == (None, "empty_answer")


def test_an_answer_is_worth_its_worst_step_under_a_stepwise_reward_model(tmp_path: Path) -> None:
    from serving.steps import LocalStepScorer

    model = tiny_step_scorer(tmp_path / "base", tmp_path / "steps")
    steps = ["the cat", "sat on the hat", "no"]
    (scores,) = asyncio.run(LocalStepScorer(model, 128).score_steps([(ASKED.messages, steps)]))
    with ModelRewards(model, 128) as rewards:
        said = "\n\n".join(steps) + "\n"
        ended, cut, long = (
            rewards.submit(ASKED, text, at).result(60) for text, at in ((said, False), (said, True), ("x" * 500, False))
        )
    assert ended.reward == pytest.approx(min(scores), abs=1e-3) and max(scores) - min(scores) > 0.01
    assert cut.reward == pytest.approx(min(scores) - CUT, abs=1e-3)
    assert (long.reward, long.why) == (None, "too_long")


def test_a_policy_is_no_reward_model(tmp_path: Path) -> None:
    with pytest.raises(ServingError, match="no reward model"):
        ModelRewards(tiny_checkpoint(tmp_path / "policy"), 128)


def test_each_prompt_of_a_preference_set_is_drawn_once(tmp_path: Path) -> None:
    form = load_format(tiny_checkpoint(tmp_path / "start"))
    rows: list[dict[str, Any]] = [
        {"prompt": [user(said)], "chosen": [assistant("a")]} for said in ("one", "two", "one")
    ]
    wanted = PPO(reward=str(tmp_path), max_tokens=8, max_length=128)

    def read() -> Any:
        (file := tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return tasks_of(form, file, wanted)

    tasks, dropped = read()
    assert [task.messages[0]["content"] for task in tasks] == ["one", "two"] and not dropped
    rows += [{"prompt": [user("x " * 200)]}]
    assert read()[1] == {"too_long": 1}
    rows += [{"messages": [user("three"), assistant("y")]}]
    assert [task.messages for task in read()[0]][-1] == (user("three"),), "without the answer that it has"


def test_the_kl_to_the_start_begins_at_0_and_pulls_back_what_has_left_it(tmp_path: Path) -> None:
    def moved(weight: float) -> tuple[list[float], Learner, Answer]:
        start = tiny_checkpoint(tmp_path / "start")
        learner = Learner(start, PPO(lr=3e-3, warmup_ratio=0, minibatches=1), 99, kl_weight=weight)
        one = Answer(0, [1, 2], [5, 6, 7], [], [], [3.0] * 3, [])
        one.reference = learner.reference_log_probs([one], 0)[0]
        seen = []
        for step in range(12):
            one.old = one.sampler = learner.measure([one], step)[0][0]
            seen.append(learner.update([one], step, first=False)["kl_to_start"])
        return seen, learner, one

    loose, learner, one = moved(1e-6)
    tight, _, _ = moved(10.0)
    assert loose[0] == tight[0] == pytest.approx(0, abs=1e-6)
    assert 0 < tight[-1] < loose[-1] / 2
    learner.save(tmp_path)
    fresh = Learner(tmp_path / "start", learner.settings, 99, kl_weight=1e-6)
    fresh.load(tmp_path)
    assert fresh.reference_log_probs([one], 0) == [one.reference]  # of the start, also where a run goes on
