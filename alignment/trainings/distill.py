"""On-policy distillation (`lab train distill`): the student answers, a teacher says of every token how likely it finds it.

What the student learns is the reverse KL to the teacher on its own answers: a token's advantage is the teacher's log-probability
of it less the student's. Each token has its own verdict, where a reward has one an answer, and no answer is one that the student
would never give, as in SFT on the teacher's text (Agarwal et al. 2024, GKD; Thinking Machines, "On-policy distillation", 2025).
Sampling, ratio and clipping are PPO's (`ppo/loop.py`, details 1 to 5 and 10), and so is how a killed run goes on.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alignment.errors import AlignmentError
from alignment.job import OnProgress, TrainResult, finished_result, open_job
from alignment.tokens.conversations import load_format
from alignment.trainer import last_complete_state
from alignment.trainings import Training
from alignment.trainings.ppo.learner import Answer, Learner
from alignment.trainings.ppo.objective import NEAR_1, check_ratio_is_1, mismatch
from alignment.trainings.ppo.problems import Task, drawn, fitting, requests
from alignment.trainings.ppo.state import Progress, finish, restored, run_steps
from checkpoints import directory as checkpoints
from checkpoints.errors import CheckpointError
from checkpoints.files import read_object
from checkpoints.precision import compute_dtype
from generators.seeds.found import SeedError
from recipes.schema import Serving
from serving import Sampling, ServingError
from serving.rollouts import Rollouts

if TYPE_CHECKING:
    from recipes.trainings import Distill


def train_distill(
    checkpoint: Path,
    dataset: Path,
    out: Path,
    settings: Distill,
    *,
    on_progress: OnProgress,
    checkpoint_id: str | None = None,
) -> TrainResult:
    """Trains `checkpoint` toward `settings.teacher` on its own answers to the requests of `dataset`; leaves a checkpoint in `out`.

    Goes on from the state in `out`. Raises AlignmentError, also where student and teacher do not have one vocabulary.
    """
    job = open_job("distill", checkpoint, dataset, out, settings, checkpoint_id)
    if (result := finished_result(job)) is not None:
        return result
    try:
        teacher = checkpoints.find(settings.teacher)
        refuse_other_vocabulary(checkpoint, teacher)
        form = load_format(checkpoint)
        tasks, dropped = fitting(form, requests(dataset), settings)
        if not tasks:
            raise AlignmentError(
                f"{dataset}: none of its {dropped.get('too_long', 0)} requests leaves room for an answer; raise max_length "
                f"({settings.max_length}) or lower max_tokens ({settings.max_tokens})"
            )
        last = last_complete_state(job.state)
        done = restored(last) if last else Progress(dropped=dropped)
        if done.judge not in ("", named := checkpoints.identity(teacher)):
            raise AlignmentError(f"{out}: begun under another teacher than {settings.teacher} is now; put it back")
        done.judge = named
        steps = settings.max_steps
        if steps < 0:
            steps = max(1, round(settings.epochs * len(tasks) / settings.batch_size))
        learner = Learner(checkpoint, settings, steps, reference=teacher)
        serving = Serving(
            max_model_len=settings.max_length,
            max_in_flight=min(settings.max_in_flight, settings.batch_size * settings.samples),
            gpu_memory_utilization=0.4,
        )
        with Rollouts(checkpoint, serving) as rollouts:
            if last:
                learner.load(last)
                rollouts.update(learner.weights())

            def step(first: bool) -> dict[str, float]:
                return one_step(done, tasks, settings, learner, rollouts, first=first)

            run_steps(job, done, steps, learner, step, on_progress)
        return finish(job, done, learner, len(tasks))
    except (CheckpointError, SeedError, ServingError) as error:
        raise AlignmentError(str(error)) from error


def one_step(
    done: Progress, tasks: Sequence[Task], settings: Distill, learner: Learner, rollouts: Rollouts, *, first: bool
) -> dict[str, float]:
    """Draw answers, have the teacher read them, learn, and hand the new weights to the engine. Returns the step's figures."""
    import torch

    chosen = [drawn(tasks, done.cursor + place, settings.seed) for place in range(settings.batch_size)]
    done.cursor += settings.batch_size
    prompts = [task.prompt for task in chosen for _ in range(settings.samples)]
    sampling = Sampling(temperature=1.0, max_tokens=settings.max_tokens)
    sampled = rollouts.sample(prompts, sampling, seed=zlib.crc32(f"{settings.seed} {done.step}".encode()))
    answers = [
        Answer(number // settings.samples, prompts[number], rollout.ids, rollout.log_probs, [], [], [])
        for number, rollout in enumerate(sampled)
    ]
    old, _ = learner.measure(answers, done.step)
    read = learner.reference_log_probs(answers, done.step)
    for answer, own, theirs in zip(answers, old, read, strict=True):
        answer.old, answer.reference = own, theirs
        answer.advantages = [teacher - student for teacher, student in zip(theirs, own, strict=True)]
    apart = mismatch(*(torch.tensor([x for a in answers for x in getattr(a, side)]) for side in ("old", "sampler")))
    if first:
        check_ratio_is_1(apart["kl"], NEAR_1[compute_dtype()], "sampler and trainer")
    learned = learner.update(answers, done.step, first=first)
    rollouts.update(learner.weights())
    tokens = sum(len(answer.ids) for answer in answers)
    done.tokens += tokens + sum(map(len, prompts))
    return {
        "loss": learned["loss"],
        "grad_norm": learned["grad_norm"],
        "learning_rate": learned["learning_rate"],
        # KL(student || teacher) a token, by what the student drew itself.
        "teacher/reverse_kl": -sum(sum(answer.advantages) for answer in answers) / tokens,
        "teacher/disliked": sum(value < -1 for answer in answers for value in answer.advantages) / tokens,
        "answers/tokens": tokens / len(answers),
        "answers/cut": sum(rollout.finish_reason == "length" for rollout in sampled) / len(sampled),
        "policy/share_clipped": learned["share_clipped"],
        **{f"mismatch/{name}": value for name, value in apart.items()},
    }


def refuse_other_vocabulary(student: Path, teacher: Path) -> None:
    """Raises AlignmentError where an id is not the same token to both: the teacher reads ids."""
    both = [read_object(path / "tokenizer.json").get("model", {}).get("vocab") for path in (student, teacher)]
    if both[0] != both[1]:
        raise AlignmentError(
            f"{teacher}: its tokenizer is not that of {student}, and a teacher reads the student's very tokens; "
            "take a teacher of the same family, or train on its text with `lab train sft`"
        )


TRAINING = Training(
    "distill",
    "distillation",
    "On-policy distillation toward a teacher.\n\nOn the student's own answers, by the reverse KL token by token.",
    train_distill,
    data_set="sft",
    columns="requests (`messages`, `prompt` or `instruction`)",
    start="The student.",
    such_as="teacher=DIR",
    curves=(
        ("teacher/reverse_kl", "KL of student to teacher, a token"),
        ("teacher/disliked", "share of tokens that the teacher finds e times less likely"),
        ("answers/tokens", "tokens of an answer"),
    ),
    note="The KL is of the student's own answers; it falls toward 0, where both write alike.",
)
