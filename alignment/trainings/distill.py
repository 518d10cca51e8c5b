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
from alignment.processes import is_first
from alignment.stepping import last_complete_state
from alignment.tokens.conversations import Format, load_format
from alignment.trainings import Asked, Training
from alignment.trainings.ppo.ahead import Batch
from alignment.trainings.ppo.learner import Answer, Learner
from alignment.trainings.ppo.look import refuse_longer_than_context
from alignment.trainings.ppo.problems import Task, drawn, fitting, requests
from alignment.trainings.ppo.several import follow, told
from alignment.trainings.ppo.state import Progress, restored, steps_of
from alignment.trainings.ppo.steps import run_steps
from checkpoints import directory as checkpoints
from checkpoints.errors import CheckpointError
from checkpoints.files import read_object
from checkpoints.weights import refuse_other_weights
from generators.seeds.found import SeedError
from serving import Sampling, ServingError
from serving.launch import quiet_stderr
from serving.rollouts import RolloutEngine

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
        teacher, form = teacher_of(checkpoint, settings), load_format(checkpoint)
        if not is_first():
            return follow(Learner(checkpoint, settings, told(0), reference=teacher), job)
        tasks, dropped = tasks_of(form, dataset, settings)
        last = last_complete_state(job.state)
        done = restored(last) if last else Progress(dropped=dropped)
        if done.judge not in ("", named := checkpoints.identity(teacher)):
            raise AlignmentError(f"{out}: begun under another teacher than {settings.teacher} is now; put it back")
        done.judge = named
        steps = steps_of(settings, len(tasks))
        learner = Learner(checkpoint, settings, told(steps), reference=teacher)

        def draw(rollouts: RolloutEngine, step: int, cursor: int) -> Batch:
            return collect(tasks, settings, rollouts, step, cursor)

        return run_steps(job, done, steps, len(tasks), settings, learner, draw, set_advantages, on_progress)
    except (CheckpointError, SeedError, ServingError) as error:
        raise AlignmentError(str(error)) from error


def check_start(checkpoint: Path, settings: Distill) -> None:
    """As every dry run asks: the teacher."""
    try:
        with quiet_stderr():  # transformers draws a bar
            refuse_other_weights(teacher_of(checkpoint, settings))
    except CheckpointError as error:
        raise AlignmentError(str(error)) from error


def look(checkpoint: Path, dataset: Path, settings: Distill) -> Asked:
    """What would be asked of the student, and the teacher beside it. Raises AlignmentError as the training would."""
    try:
        teacher = teacher_of(checkpoint, settings)
        tasks, dropped = tasks_of(load_format(checkpoint), dataset, settings)
    except (CheckpointError, SeedError) as error:
        raise AlignmentError(str(error)) from error
    return Asked([len(task.prompt) for task in tasks], dropped, (teacher,))


def teacher_of(student: Path, settings: Distill) -> Path:
    """The teacher, which can read what the student writes. Raises AlignmentError, CheckpointError."""
    teacher = checkpoints.find(settings.teacher)
    refuse_other_vocabulary(student, teacher)
    for reader in (student, teacher):
        refuse_longer_than_context(reader, settings.max_length)
    return teacher


def tasks_of(form: Format, dataset: Path, settings: Distill) -> tuple[list[Task], dict[str, int]]:
    """The requests to which an answer fits, and how many rows are left out, by reason. Raises AlignmentError where none is left."""
    tasks, dropped = fitting(form, requests(dataset), settings)
    if not tasks:
        raise AlignmentError(
            f"{dataset}: none of its {dropped.get('too_long', 0)} requests leaves room for an answer; raise max_length "
            f"({settings.max_length}) or lower max_tokens ({settings.max_tokens})"
        )
    return tasks, dropped


def collect(tasks: Sequence[Task], settings: Distill, rollouts: RolloutEngine, step: int, cursor: int) -> Batch:
    """Draws the student's answers to the requests of a step."""
    chosen = [drawn(tasks, cursor + place, settings.seed) for place in range(settings.batch_size)]
    prompts = [task.prompt for task in chosen for _ in range(settings.samples)]
    sampling = Sampling(temperature=1.0, max_tokens=settings.max_tokens)
    sampled = rollouts.sample(prompts, sampling, seed=zlib.crc32(f"{settings.seed} {step}".encode()))
    answers = [
        Answer(number // settings.samples, prompts[number], one.ids, one.log_probs, versions=one.versions)
        for number, one in enumerate(sampled)
    ]
    figures = {
        "answers/tokens": sum(len(answer.ids) for answer in answers) / len(answers),
        "answers/cut": sum(one.finish_reason == "length" for one in sampled) / len(sampled),
    }
    return Batch(answers, figures, cursor + settings.batch_size)


def set_advantages(answers: Sequence[Answer], values: Sequence[list[float]]) -> dict[str, float]:
    """How much likelier the teacher finds each token than the student does; returns the KL a token by what the student drew itself."""
    for answer in answers:
        answer.advantages = [teacher - own for teacher, own in zip(answer.reference, answer.old, strict=True)]
    every = [value for answer in answers for value in answer.advantages]
    return {"teacher/reverse_kl": -sum(every) / len(every), "teacher/disliked": sum(x < -1 for x in every) / len(every)}


def refuse_other_vocabulary(student: Path, teacher: Path) -> None:
    """Raises AlignmentError where an id is not the same token to both: the teacher reads ids."""
    both = [read_object(path / "tokenizer.json") for path in (student, teacher)]
    words = [found.get("model", {}).get("vocab") for found in both]
    added = [{token["id"]: token["content"] for token in found.get("added_tokens") or ()} for found in both]
    if words[0] != words[1] or added[0] != added[1]:
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
    look=look,
    check=check_start,
    curves=(
        ("teacher/reverse_kl", "KL of student to teacher, a token"),
        ("teacher/disliked", "share of tokens that the teacher finds e times less likely"),
        ("answers/tokens", "tokens of an answer"),
    ),
    note="The KL is of the student's own answers; it falls toward 0, where both write alike.",
)
