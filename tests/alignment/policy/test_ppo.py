"""PPO: its arithmetic against plain references, and its rewards and guards. Whole runs are in `test_ppo_runs.py`."""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from small_trainings import ignore, user
from tiny_checkpoints import tiny_checkpoint
from toy_rewards import ToyRewards, toy_problems

from alignment import AlignmentError
from alignment.data.sets import export, write_cards
from alignment.tokens.conversations import load_format
from alignment.trainings.ppo.learner import Answer, Learner, micro_batches, minibatches
from alignment.trainings.ppo.loop import collect, gap_too_wide, set_advantages, train_ppo
from alignment.trainings.ppo.objective import (
    NEAR_1,
    check_ratio_is_1,
    clipped_loss,
    gae,
    group_advantages,
    mismatch,
)
from alignment.trainings.ppo.problems import Exam, Task, drawn, exam_of, tasks_of
from alignment.trainings.ppo.rewards import Judged, SandboxRewards, sound
from evaluation.problems import read_problems
from generators.seeds import Problem
from ledger import Ledger
from ledger.rows import Row, Status
from recipes.trainings import PPO
from rows.sample import Sample
from sandbox import Program, Proof, Report, SandboxError, Verdict
from serving.rollouts import Rollout

torch = pytest.importorskip("torch")
PROBLEM = Problem("p", "Write `add(a, b)`.", "X = 1\n" + "".join(f"assert add({n}, X) == {n + 1}\n" for n in range(6)), "add", "def add(a, b):\n    return a + b\n")  # fmt: skip


def answer(group: int, size: int, *, start: int = 5, **known: Any) -> Answer:
    ids = [start + n for n in range(size)]
    return Answer(group, [1, 2, 3, 4 + group], ids, *(known.get(name, [0.0] * size) for name in ("sampler", "old", "advantages")), returns=known.get("returns", []))  # fmt: skip


# --- arithmetic


def test_the_clipped_loss_is_the_textbooks_token_by_token() -> None:
    pick = random.Random(0)
    new, old, sampler, advantages = ([pick.gauss(0, 0.5) for _ in range(200)] for _ in range(4))

    def reference(clip: float, cap: float) -> float:
        total = 0.0
        for n, o, s, a in zip(new, old, sampler, advantages, strict=True):
            ratio = math.exp(n - o)
            bounded = min(max(ratio, 1 - clip), 1 + clip)
            total -= min(math.exp(o - s), cap) * min(ratio * a, bounded * a)
        return total

    loss, figures = clipped_loss(*map(torch.tensor, (new, old, sampler, advantages)), clip=0.2, cap=2.0)
    assert loss.item() == pytest.approx(reference(0.2, 2.0), rel=1e-5)
    assert figures["truncated"] == sum(math.exp(o - s) > 2 for o, s in zip(old, sampler, strict=True)) > 0
    outside = [(math.exp(n - o), a) for n, o, a in zip(new, old, advantages, strict=True)]
    assert figures["clipped"] == sum((r > 1.2 and a > 0) or (r < 0.8 and a < 0) for r, a in outside) > 0


def test_generalised_advantages_are_the_sums_they_are_defined_by() -> None:
    values, reward, lam, gamma = [0.1, -0.4, 0.7, 0.2], 1.0, 0.9, 0.95

    def reference(at: int) -> float:
        rewards = [0.0, 0.0, 0.0, reward]
        ahead = [*values[1:], 0.0]
        deltas = [r + gamma * n - v for r, n, v in zip(rewards, ahead, values, strict=True)]
        return sum((gamma * lam) ** (k - at) * deltas[k] for k in range(at, len(deltas)))

    advantages, returns = gae(values, reward, lam=lam, gamma=gamma)
    assert advantages == pytest.approx([reference(at) for at in range(4)])
    assert returns == pytest.approx([reference(at) + values[at] for at in range(4)])
    assert gae(values, reward, lam=1.0)[0] == pytest.approx([reward - value for value in values])


def test_a_groups_advantages_have_mean_0_and_deviation_1_and_are_0_where_all_earn_alike() -> None:
    first, second, third = group_advantages([[1.0, 0.0, 0.0, 0.0], [1.0, 1.0], [0.0, 0.0, 0.0]])
    assert first == pytest.approx([math.sqrt(3), *[-1 / math.sqrt(3)] * 3])
    assert second == [0.0, 0.0] and third == [0.0, 0.0, 0.0]


def test_advantages_of_a_critic_are_normalised_over_the_batch_and_returns_are_not() -> None:
    answers = [replace(answer(0, 3), reward=1.0), replace(answer(0, 2), reward=0.0)]
    set_advantages(answers, [[0.5] * 3, [0.25] * 2], PPO(advantage="gae"))
    every = [value for one in answers for value in one.advantages]
    assert sum(every) == pytest.approx(0, abs=1e-9) and sum(v * v for v in every) / 5 == pytest.approx(1, abs=1e-6)
    assert answers[0].returns == [1.0] * 3 and answers[1].returns == [0.0] * 2


def test_two_policies_that_are_not_one_are_told_before_any_update() -> None:
    near = mismatch(torch.full((50,), -1.0), torch.full((50,), -1.01))
    assert near["kl"] < 1e-3 and near["ratio_p50"] == pytest.approx(1.01, abs=1e-3)
    check_ratio_is_1(near["kl"], NEAR_1["bfloat16"], "sampler and trainer")
    far = mismatch(torch.full((50,), -1.0), torch.full((50,), -1.5))
    with pytest.raises(AlignmentError, match=r"ratio of sampler and trainer is not 1 before any update: KL 0\.1"):
        check_ratio_is_1(far["kl"], NEAR_1["bfloat16"], "sampler and trainer")
    with pytest.raises(AlignmentError, match="KL nan"):
        check_ratio_is_1(math.nan, 1.0, "sampler and trainer")


# --- the learner


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tiny_checkpoint(tmp_path / "start"), PPO(lr=1e-2, warmup_ratio=0, minibatches=1), 4)


def test_log_probabilities_are_those_of_the_sampled_ids_however_rows_are_packed(learner: Learner) -> None:
    answers = [answer(0, 5), answer(0, 3, start=9), answer(1, 4), answer(0, 2)]
    found, values = learner.measure(answers, 0)
    learner.model.set_attn_implementation("sdpa")
    for one, own in zip(answers, found, strict=True):
        ids = torch.tensor([one.prompt + one.ids])
        with torch.no_grad():
            plain = learner.model(ids).logits[0, len(one.prompt) - 1 : -1].log_softmax(-1)
        assert own == pytest.approx(plain.gather(1, torch.tensor(one.ids)[:, None])[:, 0].tolist(), abs=0.02)
    assert values == [[]] * 4


def test_what_earned_more_becomes_likelier_and_the_first_update_begins_at_ratio_1(learner: Learner) -> None:
    good, bad = answer(0, 4, advantages=[1.0] * 4), answer(0, 4, start=30, advantages=[-1.0] * 4)
    before, _ = learner.measure([good, bad], 0)
    for one, own in zip((good, bad), before, strict=True):
        one.old = one.sampler = own
    figures = learner.update([good, bad], 0, first=True)
    after, _ = learner.measure([good, bad], 0)
    assert sum(after[0]) > sum(before[0]) and sum(after[1]) < sum(before[1])
    assert figures["kl_moved"] == pytest.approx(0, abs=1e-3) and figures["learning_rate"] == 1e-2
    with pytest.raises(
        AlignmentError, match="ratio of the trainer to itself is not 1"
    ):  # `old` is of other weights now
        learner.update([good, bad], 1, first=True)


def test_a_gradient_that_is_no_number_is_told_and_moves_nothing(learner: Learner) -> None:
    one = answer(0, 3, advantages=[1e30] * 3)
    one.old = one.sampler = learner.measure([one], 0)[0][0]
    before = [weight.clone() for weight in learner.model.parameters()]
    with pytest.raises(AlignmentError, match="step 0: grad_norm is inf; lower lr"):
        learner.update([one], 0, first=True)
    assert all(map(torch.equal, before, learner.model.parameters()))


def test_the_critic_learns_the_returns_and_leaves_the_policy_alone(tmp_path: Path) -> None:
    learner = Learner(tiny_checkpoint(tmp_path / "start"), PPO(lr=1e-9, warmup_ratio=0), 99, critic_lr=1e-2)
    one = answer(0, 4, returns=[1.0] * 4)
    log_probs, values = learner.measure([one], 0)
    assert values == [[0.0] * 4]
    one.old = one.sampler = log_probs[0]
    losses = [learner.update([one], step, first=False)["value_loss"] for step in range(30)]
    assert losses[0] == pytest.approx(1.0) and losses[-1] < 0.3
    after, _ = learner.measure([one], 0)
    assert after[0] == pytest.approx(log_probs[0], abs=1e-3)


def test_a_state_that_was_saved_goes_on_with_the_same_bits(learner: Learner, tmp_path: Path) -> None:
    one, other = answer(0, 4, advantages=[1.0] * 4), answer(1, 3, advantages=[-1.0] * 3)
    learner.update([one, other], 0, first=False)
    learner.save(tmp_path)
    fresh = Learner(tmp_path / "start", learner.settings, 4)
    fresh.load(tmp_path)
    for each in (learner, fresh):
        each.update([one, other], 1, first=False)
    assert all(torch.equal(a, b) for (_, a), (_, b) in zip(learner.weights(), fresh.weights(), strict=True))
    (tmp_path / "learner.pt").write_bytes(b"half")
    with pytest.raises(AlignmentError, match="the saved state does not load"):
        fresh.load(tmp_path)


def test_a_group_stays_in_one_minibatch_and_seed_and_step_decide_which() -> None:
    answers = [answer(n // 3, 400) for n in range(12)]
    parts = minibatches(answers, 2, "0 1 0")
    assert [sorted({a.group for a in part}) for part in parts] != [sorted({a.group for a in p}) for p in minibatches(answers, 2, "0 2 0")]  # fmt: skip
    assert parts == minibatches(answers, 2, "0 1 0") and sorted(a.group for p in parts for a in p) == sorted(a.group for a in answers)  # fmt: skip
    assert len(minibatches(answers, 9, "")) == 4
    sizes = [len(part) for part in micro_batches(answers)]
    assert sum(sizes) == 12 and max(sizes) == 3


# --- rewards and guards


class Scripted:
    """Stands in for the sandbox: says of a program what `judge(code, tests)` says."""

    def __init__(self, judge: Any) -> None:
        self._judge = judge
        self.tests: list[str] = []

    async def __aenter__(self) -> Scripted:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    def identity(self, language: str = "python") -> str:
        return "scripted"

    async def run(self, program: Program, **_: Any) -> Report:
        self.tests.append(program.tests)
        await asyncio.sleep(0)
        found = self._judge(program.code, program.tests)
        if isinstance(found, Exception):
            raise found
        return found if isinstance(found, Report) else Report(Verdict.accepted if found else Verdict.test_failure, proof=Proof.isolated)  # fmt: skip


def task(exam: Exam | None) -> Task:
    return Task("p", (user("Write `add(a, b)`."),), [1, 2, 3], exam)


def judged(judge: Any, text: str = "```python\ndef add(a, b):\n    return 1\n```", **options: Any) -> Judged:
    with SandboxRewards(Scripted(judge), **options) as rewards:
        return rewards.submit(task(exam_of(PROBLEM, 0.34, 0)), text, False).result(10)


def test_the_tests_are_parted_and_each_part_keeps_what_the_asserts_stand_on() -> None:
    exam = exam_of(PROBLEM, 0.34, 0)
    assert exam.rewarded.count("assert") == 4 and exam.held_out.count("assert") == 2
    assert exam.rewarded.startswith("X = 1\n") and exam.held_out.startswith("X = 1\n")
    assert sorted((exam.rewarded + exam.held_out).splitlines()) == sorted(["X = 1", *PROBLEM.tests.splitlines()])
    assert exam.impossible == "X = 1\nassert add(0, X) == "
    assert exam == exam_of(PROBLEM, 0.34, 0) and len({exam_of(PROBLEM, 0.34, seed).held_out for seed in range(5)}) > 1
    assert exam_of(PROBLEM, 0.0, 0).held_out == ""
    assert exam_of(PROBLEM, 0.99, 0).rewarded.count("assert") == 1
    assert exam_of(Problem("q", "", "def check(f):\n    assert f(1)\n", "f"), 0.5, 0).held_out == ""


def test_accepted_earns_1_wrong_0_and_what_is_undecided_is_left_out() -> None:
    assert judged(lambda code, tests: True).reward == 1.0
    assert judged(lambda code, tests: False) == Judged(0.0, "test_failure")
    assert judged(lambda code, tests: True, "I do not know.") == Judged(0.0, "no_code")
    for verdict in (Verdict.untested, Verdict.sandbox_fault):
        assert judged(lambda code, tests, verdict=verdict: Report(verdict)) == Judged(None, verdict)
    weak = Report(Verdict.accepted, proof=Proof.control)
    assert judged(lambda code, tests: weak) == Judged(None, "weak_proof")
    assert judged(lambda code, tests: weak, least=Proof.control).reward == 1.0


def test_a_sandbox_that_fails_on_one_program_leaves_it_out_and_one_that_fails_on_all_ends_the_run() -> None:
    assert judged(lambda code, tests: SandboxError("gone") if code else False) == Judged(None, "sandbox_fault")
    with pytest.raises(SandboxError, match="gone"):
        judged(lambda code, tests: SandboxError("gone"))


def test_a_rewarded_answer_is_held_to_the_other_tests_and_to_one_that_none_can_pass() -> None:
    parted = exam_of(PROBLEM, 0.34, 0)
    honest = judged(lambda code, tests: "== '" not in tests, canaries=1.0)
    assert honest == Judged(1.0, "accepted", held_out=True, canary=False)
    assert judged(lambda code, tests: tests == parted.rewarded) == Judged(1.0, "accepted", held_out=False)
    assert judged(lambda code, tests: True, canaries=1.0).canary is True
    assert judged(lambda code, tests: True, canaries=0.0).canary is None


IDLE = "def f(*_, **__):\n    pass\n"


def test_problems_are_dropped_whose_solution_fails_or_whose_tests_a_fault_or_nothing_passes() -> None:
    exams = [
        Exam(Problem(name, "", name, "f", "def f(): return 1"), name) for name in ("good", "broken", "hollow", "blind")
    ]

    def judge(code: str, tests: str) -> bool:
        if tests == "blind":  # they see that it returns something
            return "return" in code
        return (tests == "hollow" and code in ("", IDLE, exams[0].problem.reference)) or (
            tests == "good" and "return 1" in code
        )

    with SandboxRewards(Scripted(judge)) as rewards:
        tasks = [task(exam) for exam in exams]
        assert rewards.unsound(tasks) == ["", "gold_fails", "empty_passes", "mutants_pass"]
        assert sound(tasks, rewards, {"too_long": 2}) == ([0], {"too_long": 2, "gold_fails": 1, "empty_passes": 1, "mutants_pass": 1})  # fmt: skip
        with pytest.raises(AlignmentError, match="no problem is left whose tests could be a reward: 1 gold_fails"):
            sound(tasks[1:2], rewards, {})


def step(watched: float, failed: float) -> dict[str, float]:
    return {"held_out/watched": watched, "held_out/failed": failed}


def test_a_run_stops_where_rewarded_answers_fail_the_tests_held_out() -> None:
    history = [step(0, 0)]
    assert not gap_too_wide(history, 0.5)
    assert history[-1]["held_out/gap"] == 0
    history += [step(10, 9)]
    assert not gap_too_wide(history, 0.5), "too few to say"
    assert history[-1]["held_out/gap"] == 0.9
    history += [step(30, 2)]
    assert not gap_too_wide(history, 0.5)
    history += [step(40, 39)]
    assert "50 of the last 80 rewarded answers fail the tests that were held out" in gap_too_wide(history, 0.5)


class Answering:
    """Stands in for the engine: answers are given."""

    def __init__(self, ids: Any) -> None:
        self._ids = ids

    def sample(self, prompts: Any, sampling: Any, *, seed: int, finished: Any) -> list[Rollout]:
        found = [Rollout(self._ids(place), [-1.0] * len(self._ids(place)), [], "stop") for place in range(len(prompts))]
        for place, rollout in enumerate(found):
            finished(place, rollout)
        return found


def collected(tmp_path: Path, rewards: Any, ids: Any = lambda place: [65 + place % 2], **settings: Any) -> Any:
    wanted = PPO(**{"batch_size": 2, "samples": 2, "max_tokens": 8, "max_length": 256, **settings})
    form = load_format(tiny_checkpoint(tmp_path / "start", width=64))
    tasks, _ = tasks_of(form, toy_problems(tmp_path / "problems.jsonl"), wanted)
    engine: Any = Answering(ids)
    return collect(tasks, wanted, engine, rewards, form, 0, 0)


def rewards_of(batch: Any) -> list[list[float]]:
    """By group."""
    return [[one.reward for one in group] for _, group in itertools.groupby(batch.answers, lambda answer: answer.group)]


def test_groups_that_teach_nothing_are_drawn_again_within_bounds(tmp_path: Path) -> None:
    batch = collected(tmp_path, ToyRewards(lambda text: 1.0), redraws=2)
    assert not batch.answers and batch.figures["groups/drawn"] == batch.cursor == 6
    assert batch.figures["groups/all_alike"] == 1
    texts: list[str] = []
    batch = collected(tmp_path, ToyRewards(lambda text: float(len(texts.append(text) or texts) % 2)))
    assert rewards_of(batch) == [[1, 0], [1, 0]] and batch.cursor == 2 and batch.figures["reward/mean"] == 0.5
    batch = collected(tmp_path, ToyRewards(lambda text: 1.0), advantage="gae")
    assert rewards_of(batch) == [[1, 1], [1, 1]]  # a critic learns from them


def test_an_undecided_answer_is_in_no_group_and_counted(tmp_path: Path) -> None:
    verdicts = iter([Judged(1.0, ""), Judged(None, "untested"), Judged(0.0, ""), Judged(1.0, "")] * 9)
    batch = collected(tmp_path, ToyRewards(lambda text: next(verdicts)), redraws=0)
    assert rewards_of(batch) == [[0.0, 1.0]] and batch.figures["reward/undecided"] == 0.25


def test_a_canary_that_is_rewarded_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(AlignmentError, match="passed a test that no program can pass"):
        collected(tmp_path, ToyRewards(lambda text: Judged(1.0, "accepted", canary=True)))


def test_every_problem_is_drawn_once_a_lap_in_an_order_of_the_seed() -> None:
    tasks: Any = list(range(5))
    laps = [[drawn(tasks, lap * 5 + place, 7) for place in range(5)] for lap in range(3)]
    assert all(sorted(lap) == tasks for lap in laps) and laps[0] != laps[1]  # type: ignore[type-var]


def test_mathematics_and_problems_too_long_are_refused_with_the_reason(tmp_path: Path) -> None:
    start = tiny_checkpoint(tmp_path / "start", width=64)
    (file := tmp_path / "m.jsonl").write_text(json.dumps({"question": "1+1?", "answer": "#### 2"}) + "\n")
    with pytest.raises(AlignmentError, match="a question of mathematics earns no reward here"):
        train_ppo(
            start, file, tmp_path / "o", PPO(max_length=512), on_progress=ignore, rewards=ToyRewards(lambda text: 1.0)
        )
    with pytest.raises(AlignmentError, match="no problem is left whose tests could be a reward: 4 too_long"):
        train_ppo(start, toy_problems(tmp_path / "p.jsonl"), tmp_path / "o", PPO(max_length=330), on_progress=ignore, rewards=ToyRewards(lambda text: 1.0))  # fmt: skip


# --- in a round


def test_a_run_that_trains_it_writes_its_problems_once_with_a_solution_that_passed(tmp_path: Path) -> None:
    def asked(number: int, status: Status, code: str = "", **more: Any) -> Row:
        sample = Sample(problem="Write `f(x)`.", problem_id="p", tests="assert f(1) == 2\n", code=code, programming_language="python")  # fmt: skip
        return Row("code/rejection-sampling", number, status, "", "p", replace(sample, **more))

    rows = [
        asked(0, Status.rejected, "def f(x): return 0"),
        asked(1, Status.accepted, "def f(x): return x + 1"),
        asked(2, Status.accepted, "def f(x): return 1 + x"),
        asked(3, Status.rejected, problem="Write `g()`.", problem_id="q", tests="assert g()\n"),
        asked(4, Status.rejected, problem="known", problem_id="r"),
        asked(5, Status.accepted, tests="", problem_id="s"),
    ]
    with Ledger(tmp_path / "run") as ledger:
        for row in rows:
            asyncio.run(ledger.record_row(row))
        *_, found = export(
            ledger,
            max_per_problem=4,
            pairs_per_problem=4,
            contaminated=lambda messages: "yes" if messages[0]["content"] == "known" else "",
            wanted=["problems"],
        )
        write_cards(ledger, [found])
    assert (found.name, found.rows, found.dropped) == ("problems", 2, {"contaminated": 1})
    first, second = read_problems(found.path).problems
    assert first == Problem("p", "Write `f(x)`.", "assert f(1) == 2\n", "f", "def f(x): return x + 1")
    assert (second.entry_point, second.reference) == ("g", "")
    assert "lab train ppo" in (found.path / "README.md").read_text()
