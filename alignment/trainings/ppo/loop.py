"""PPO on problems with tests (`lab train ppo`): the policy answers, the sandbox judges, the policy moves toward what passed.

Details that decide whether such a run works, each with where it comes from; the code names them by number:

 1. Token in, token out: sampled ids go to the loss as they are, never decoded and encoded again (tinker-cookbook's pitfalls).
 2. Answers are drawn from the whole distribution at temperature 1, else the ratio is of another sampler (`serving.rollouts`).
 3. The old log-probabilities are the trainer's own, computed before the first update of a batch, and the ratio is 1 there: asserted
    at step 0 and after going on, as DPO's ln 2 is, of what the sampler drew under the weights of now.
 4. Sampler and trainer round differently; each token is weighed by old / sampler, cut off at `importance_cap` (truncated
    importance sampling, Yao et al. 2025); KL and quantiles of that ratio are shown.
 5. Clipped surrogate objective, the lesser of the two (Schulman et al. 2017, eq. 7; cleanrl's detail 8).
 6. Advantages, `group`: reward less the mean of the answers to the same prompt, over their deviation (GRPO, Shao et al. 2024).
 7. Advantages, `gae`: generalised advantage estimation (Schulman et al. 2016) with gamma 1 and the reward at the last token, normalised
    over the batch (cleanrl's detail 7), from a critic that begins at zero.
 8. The loss is a mean over tokens, not over answers: long answers are not learned from less (DAPO, Yu et al. 2025, 3.3).
 9. Groups whose answers are all alike teach nothing; other problems are drawn in their place, within bounds (DAPO, 3.2).
10. Gradient norm at most 1, learning rate down to zero, Adam without weight decay (cleanrl's details 3, 4 and 11).
11. A part of each problem's tests earns nothing and only watches: of rewarded answers, the share that fails it is the gap.
12. Rewarded answers are held to a test that no program can pass; one that does has got at the reward and not at the problem.
13. KL to the start only where a model gives the reward, as a term of the loss (k3 estimator; GRPO, eq. 4): what the sandbox checks
    cannot be over-optimised as a learned score can (DAPO, 2.3).
14. With a `staleness` of 1 or 2 a batch is drawn while the ones before it are learned from. Its clipped ratio is to the trainer's
    weights before the update and not to the older ones that drew it: those are accounted for by the weight of detail 4 (the
    decoupled objective, Hilton et al. 2022; so in AReaL, Fu et al. 2025). KL by lag is shown.

Nothing is random but by seed and step, so a run that was killed ends in the same bits as one that was not.
"""

from __future__ import annotations

import itertools
import math
import time
import zlib
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.errors import AlignmentError
from alignment.job import Job, OnProgress, TrainResult, finished_result, open_job
from alignment.processes import is_first
from alignment.stepping import last_complete_state
from alignment.tokens.conversations import Format, load_format
from alignment.trainings import Training
from alignment.trainings.ppo.ahead import Batch
from alignment.trainings.ppo.learner import Answer, Learner
from alignment.trainings.ppo.look import check_reward_model, check_start, look, refuse_longer_than_context
from alignment.trainings.ppo.objective import gae, group_advantages
from alignment.trainings.ppo.problems import SANDBOX, TEMPLATE, Task, drawn, tasks_of
from alignment.trainings.ppo.rewards import Judged, Rewards, SandboxRewards, sound
from alignment.trainings.ppo.scores import ModelRewards
from alignment.trainings.ppo.several import follow, told
from alignment.trainings.ppo.state import Progress, restored, steps_of
from alignment.trainings.ppo.steps import run_steps
from checkpoints.errors import CheckpointError
from generators.seeds.found import SeedError
from prompts import Library
from sandbox import Proof, Sandbox, SandboxError
from serving import Sampling, ServingError
from serving.rollouts import Rollout, RolloutEngine

if TYPE_CHECKING:
    from recipes.trainings import PPO

WINDOW = 20
"""Steps over which the gap is taken."""
ENOUGH = 20
"""Rewarded answers with tests held out, below which no gap stops a run."""


@dataclass
class Group:
    """The answers to one problem that were decided."""

    task: Task
    answers: list[tuple[Rollout, Judged]]

    @property
    def rewards(self) -> list[float]:
        return [judged.reward for _, judged in self.answers if judged.reward is not None]


def train_ppo(
    checkpoint: Path,
    dataset: Path,
    out: Path,
    settings: PPO,
    *,
    on_progress: OnProgress,
    checkpoint_id: str | None = None,
    rewards: Rewards | None = None,
) -> TrainResult:
    """Trains `checkpoint` on the problems with tests of `dataset`; leaves a Hugging Face checkpoint in `out`.

    `rewards` judge in the place of a sandbox of this machine. Goes on from the state in `out`. Raises AlignmentError, also where an
    answer is rewarded that cannot be right, or where rewards part from the tests held out.
    """
    job = open_job("ppo", checkpoint, dataset, out, settings, checkpoint_id)
    if (result := finished_result(job)) is not None:
        return result
    if not is_first():
        return follow(learner_of(checkpoint, settings, told(0)), job)
    try:
        with ExitStack() as stack:
            # Before vLLM: a thread inherits the cores of who starts it, and vLLM binds its own.
            judge: Rewards = rewards if rewards is not None else stack.enter_context(judge_of(settings))
            return _train(job, dataset, settings, judge, on_progress)
    except (CheckpointError, SeedError, ServingError, SandboxError) as error:
        raise AlignmentError(str(error)) from error


def judge_of(settings: PPO) -> AbstractContextManager[Rewards]:
    """What the settings say gives the reward. Raises AlignmentError where that is no reward model, or one of too few positions."""
    if settings.reward == SANDBOX:
        return SandboxRewards(Sandbox(), least=Proof(settings.least_proof), canaries=settings.canaries)
    check_reward_model(Path(settings.reward), settings.max_length)
    return ModelRewards(Path(settings.reward), settings.max_length)


def _train(job: Job, dataset: Path, settings: PPO, rewards: Rewards, on_progress: OnProgress) -> TrainResult:
    refuse_longer_than_context(job.checkpoint, settings.max_length)
    form = load_format(job.checkpoint)
    last = last_complete_state(job.state)
    done = restored(last) if last else Progress()
    tasks, dropped = tasks_of(form, dataset, settings)
    if not last:
        done.judge = rewards.identity
        done.kept, done.dropped = sound(tasks, rewards, dropped)
    elif done.judge != rewards.identity:
        raise AlignmentError(f"{job.out}: begun under another reward model than {settings.reward} is now; put it back")
    tasks = [tasks[place] for place in done.kept]
    steps = steps_of(settings, len(tasks))
    learner = learner_of(job.checkpoint, settings, told(steps))

    def draw(rollouts: RolloutEngine, step: int, cursor: int) -> Batch:
        return collect(tasks, settings, rollouts, rewards, form, step, cursor)

    def advantages(answers: Sequence[Answer], values: Sequence[list[float]]) -> dict[str, float]:
        set_advantages(answers, values, settings)
        return {}

    def check(history: list[dict[str, float]]) -> str:
        return gap_too_wide(history, settings.max_gap)

    return run_steps(job, done, steps, len(tasks), settings, learner, draw, advantages, on_progress, check)


def learner_of(checkpoint: Path, settings: PPO, steps: int) -> Learner:
    critic_lr = settings.critic_lr if settings.advantage == "gae" else None
    return Learner(checkpoint, settings, steps, kl_weight=settings.kl_weight, critic_lr=critic_lr)


# --- what an answer is worth, token by token


def set_advantages(answers: Sequence[Answer], values: Sequence[list[float]], settings: PPO) -> None:
    """Of answers that have a reward; `values` are the critic's before each token, if there is one."""
    rewards = [answer.reward or 0.0 for answer in answers]
    if settings.advantage == "group":  # 6
        groups = [list(group) for _, group in itertools.groupby(answers, lambda answer: answer.group)]
        scaled = group_advantages([[answer.reward or 0.0 for answer in group] for group in groups])
        for answer, value in zip(answers, itertools.chain(*scaled), strict=True):
            answer.advantages = [value] * len(answer.ids)
        return
    for answer, reward, own in zip(answers, rewards, values, strict=True):  # 7
        answer.advantages, answer.returns = gae(own, reward, lam=settings.lam)
    every = [value for answer in answers for value in answer.advantages]
    mean = sum(every) / len(every)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in every) / len(every)) + 1e-8
    for answer in answers:
        answer.advantages = [(value - mean) / deviation for value in answer.advantages]


# --- a batch


def collect(
    tasks: Sequence[Task],
    settings: PPO,
    rollouts: RolloutEngine,
    rewards: Rewards,
    form: Format,
    step: int,
    cursor: int,
) -> Batch:
    """Draws and judges the batch of a step: `batch_size` groups to learn from, or fewer where `redraws` more rounds found no more."""
    kept: list[Group] = []
    seen: list[Group] = []
    judged_all: list[Judged] = []
    cut = waited_s = 0.0
    for again in range(1 + settings.redraws):
        wanted = settings.batch_size - len(kept)
        chosen = [drawn(tasks, cursor + place, settings.seed) for place in range(wanted)]
        cursor += wanted
        seed = zlib.crc32(f"{settings.seed} {step} {again}".encode())
        sampled, judged, waiting_s = answered(chosen, settings, rollouts, rewards, form, seed)
        waited_s += waiting_s
        judged_all += judged
        cut += sum(rollout.finish_reason == "length" for rollout in sampled)
        for place, task in enumerate(chosen):
            of = range(place * settings.samples, (place + 1) * settings.samples)
            decided = [(sampled[i], judged[i]) for i in of if judged[i].reward is not None]
            seen.append(Group(task, decided))
        kept = [group for group in seen if worth_learning(group, settings)]
        if len(kept) == settings.batch_size or settings.advantage == "gae":
            break
    answers = [
        Answer(number, group.task.prompt, one.ids, one.log_probs, versions=one.versions, reward=judged.reward)
        for number, group in enumerate(kept)
        for one, judged in group.answers
    ]
    figures = figures_of(seen, judged_all, settings)
    return Batch(answers, figures | {"answers/cut": cut / len(judged_all), "seconds/waited": waited_s}, cursor)


def worth_learning(group: Group, settings: PPO) -> bool:
    """Without a critic only a group whose rewards differ says anything (9)."""
    return len(set(group.rewards)) > 1 if settings.advantage == "group" else bool(group.answers)


def answered(
    tasks: Sequence[Task], settings: PPO, rollouts: RolloutEngine, rewards: Rewards, form: Format, seed: int
) -> tuple[list[Rollout], list[Judged], float]:
    """`samples` answers to each task in order, what each earned, and how long the judging took beyond the decoding, seconds."""
    waiting: dict[int, Any] = {}

    def judge(place: int, rollout: Rollout) -> None:
        text = form.tokenizer.decode(rollout.ids, skip_special_tokens=True)
        waiting[place] = rewards.submit(tasks[place // settings.samples], text, rollout.finish_reason == "length")

    stop = tuple(Library().get(TEMPLATE).sampling.get("stop", ())) if settings.reward == SANDBOX else ()
    sampling = Sampling(temperature=1.0, max_tokens=settings.max_tokens, stop=stop)  # 2
    prompts = [task.prompt for task in tasks for _ in range(settings.samples)]
    sampled = rollouts.sample(prompts, sampling, seed=seed, finished=judge)
    decoded = time.monotonic()
    judged = [waiting[place].result() for place in range(len(prompts))]
    for place, one in enumerate(judged):
        if one.canary:  # 12
            raise AlignmentError(
                f"an answer to {tasks[place // settings.samples].name} passed a test that no program can pass: it has got at its judge, so no reward of "
                "this run means anything; look at it with `lab sandbox run`, and mend the sandbox before training on"
            )
    return sampled, judged, time.monotonic() - decoded


def figures_of(groups: Sequence[Group], judged: Sequence[Judged], settings: PPO) -> dict[str, float]:
    """What a step's answers came to, those that nothing is learned from included."""
    decided = [answer for group in groups for answer in group.answers]
    tokens = sum(len(rollout.ids) for rollout, _ in decided)
    watched = [one.held_out for one in judged if one.held_out is not None]
    return {
        "reward/mean": sum(one.reward or 0.0 for _, one in decided) / max(1, len(decided)),
        "reward/undecided": 1 - len(decided) / len(judged),
        "reward/canaries": float(sum(one.canary is not None for one in judged)),
        "reward/canaries_passed": float(sum(bool(one.canary) for one in judged)),
        "held_out/watched": float(len(watched)),
        "held_out/failed": float(len(watched) - sum(watched)),
        "groups/drawn": float(len(groups)),
        "groups/all_alike": sum(len(set(group.rewards)) < 2 for group in groups) / len(groups),
        "answers/tokens": tokens / max(1, len(decided)),
        "policy/entropy": -sum(sum(rollout.log_probs) for rollout, _ in decided) / max(1, tokens),
    }


def gap_too_wide(history: Sequence[dict[str, float]], most: float) -> str:
    """Sets the last step's `held_out/gap`; what is to be told where it is past `most` (11), else nothing."""
    recent = history[-WINDOW:]
    watched, failed = (sum(step[f"held_out/{name}"] for step in recent) for name in ("watched", "failed"))
    history[-1]["held_out/gap"] = gap = failed / watched if watched else 0.0
    if watched < ENOUGH or gap <= most:
        return ""
    return (
        f"{failed:.0f} of the last {watched:.0f} rewarded answers fail the tests that were held out ({gap:.0%}; max_gap is "
        f"{most:.0%}): the policy learns the tests and not the problems. Give the problems more tests, or raise max_gap"
    )


TRAINING = Training(
    "ppo",
    "PPO",
    "Reinforcement learning on problems with tests.\n\nProximal policy optimisation; rewards come from the sandbox.",
    train_ppo,
    data_set="problems",
    columns="problems and their tests (MBPP's fields)",
    such_as="advantage=gae",
    sequences=8,
    curves=(
        ("reward/mean", "mean reward"),
        ("held_out/gap", "share of rewarded answers that fail the tests held out"),
        ("mismatch/kl", "KL of sampler and trainer, a token"),
        ("answers/tokens", "tokens of an answer"),
    ),
    look=look,
    check=check_start,
    note="The gap is to stay low while the reward rises: else the tests are learned and not the problems.",
)
