"""What `lab train NAME --dry-run` says: all that can be checked of a training, and what it will take, before hours are spent; and what
of it can be checked of a recipe's trainings, whose rows are not there yet.

Reads the data set and the headers of the weights, no weight, runs no program, and makes nothing.
"""

from __future__ import annotations

import contextlib
import math
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alignment.adapters import trained_parameters
from alignment.errors import AlignmentError
from alignment.estimate import TOKENS_PER_S, TRAINING_TOKENS_PER_S
from alignment.job import described, refuse_other_template, template_identity
from alignment.stepping import BatchPlan
from alignment.tokens.conversations import load_format, refuse_no_end
from alignment.trainer import MICRO_BATCH, MICRO_TOKENS, plan_of
from alignment.trainings import Asked, Learned, Training, asked_for
from alignment.trainings.ppo.state import steps_of
from checkpoints.directory import check, parameters, shapes
from checkpoints.errors import CheckpointError
from checkpoints.files import read_object
from checkpoints.weights import refuse_other_weights, scores_answers
from recipes.schema import Serving
from recipes.trainings import OnPolicy
from serving.launch import quiet_stderr

if TYPE_CHECKING:
    from recipes.schema import Recipe
    from recipes.trainings import TrainingSettings

WEIGHT = 4
"""Bytes a parameter: fp32 in memory, and at most as much in the checkpoint that is left."""
LEARNING = 12
"""Bytes more of each that is trained: fp32 gradient and Adam's two moments."""
KEPT = 2
"""Bytes a parameter of a checkpoint that a training leaves: bf16."""
SAVED = 12
"""Bytes a parameter of a saved state: weight and both moments."""
HOSTED = 4
"""Bytes a parameter in the engine: bf16, and as much again where a kernel has packed them anew."""
PROCESS = 700 << 20
"""Bytes of a process that has imported torch, transformers and TRL."""
V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", ("total_active_file", "total_inactive_file"))
V2 = ("memory.max", "memory.current", ("active_file", "inactive_file"))
"""Files of a control group: the most that it may have, what it has, and what of that are cached files."""
MEASURED_ON = 134_515_008
"""Parameters of the checkpoint whose speed `alignment.estimate` knows."""


@dataclass(frozen=True)
class DryRun:
    """A training as it would be."""

    rows: int
    held_out: int
    dropped: dict[str, int]
    steps: int
    tokens: int
    """Over all steps, prompts included."""
    learned_tokens: int
    """Of one epoch: those that the loss reads."""
    longest: int
    """Tokens of the longest row."""
    parameters: int
    trained: int
    """Of them, or of the adapters in their place."""
    memory_bytes: int
    disk_bytes: int
    seconds: float | None
    """At the speed measured on two cores; None where there is a GPU, whose speed is not known."""
    processes: int = 1
    """That train together; memory is that of each."""
    answers: int = 0
    """Those that the policy gives in a step; 0 where the data set has them. Tokens are then the most there can be, without redraws."""
    notes: list[str] = field(default_factory=list)
    """What else is to be known, also of what only the training itself will find."""


def dry_run(
    training: Training, checkpoint: Path, dataset: Path, out: Path, settings: TrainingSettings, processes: int = 1
) -> DryRun:
    """Look at everything that the training would. Raises AlignmentError as it would, and where disk or memory do not suffice."""
    if training.look is None:
        raise AlignmentError(f"lab train {training.name}: only the training itself can tell; leave --dry-run out")
    described(training.name, checkpoint, dataset, out, settings)
    start = start_of(training, checkpoint, settings)
    looked = training.look(checkpoint, dataset, settings)
    if isinstance(looked, Asked):
        assert isinstance(settings, OnPolicy)
        found = _by_its_answers(start.config, start.parameters, looked, settings, processes)
    else:
        found = _by_rows(training, start, looked, settings, processes)
    memory_bytes = found.memory_bytes * found.processes
    refuse_too_large(memory_bytes, found.disk_bytes, "two saved states and the checkpoint", out)
    return found


@dataclass(frozen=True)
class Start:
    """What a training starts from."""

    config: dict[str, Any]
    parameters: int
    trained: int
    """Of them, or of the adapters in their place."""


def start_of(training: Training, checkpoint: Path, settings: TrainingSettings) -> Start:
    """What a training starts from, found sound with its settings: all that can be known before there are rows. Raises AlignmentError."""
    try:
        check(checkpoint)
        if training.policy or not scores_answers(checkpoint):
            with quiet_stderr():  # transformers draws a bar
                refuse_other_weights(checkpoint)
        found, config = shapes(checkpoint), read_object(checkpoint / "config.json")
    except CheckpointError as cause:
        raise AlignmentError(str(cause)) from cause
    refuse_other_template(checkpoint, template_identity(checkpoint))
    form = load_format(checkpoint)
    if not isinstance(settings, OnPolicy):  # which learns what was drawn, without an end as well
        refuse_no_end(form)
    if training.check:
        training.check(checkpoint, settings)
    count = sum(math.prod(shape) for shape in found.values())
    return Start(config, count, trained_parameters(found, int(config.get("vocab_size", 0)), settings))


def check_trainings(recipe: Recipe, start: Path, out: Path) -> None:
    """All that a dry run of each training of a recipe finds before there are rows, and whether memory and disk hold what the trainings take
    whatever these are. Raises AlignmentError with the training's name.
    """
    memory = states = left = 0
    for training, _ in asked_for(recipe.train):
        variants = recipe.settings_of(training.name)
        for settings in variants:
            try:
                found = start_of(training, start, settings)
            except AlignmentError as error:
                raise AlignmentError(f"train.{training.name}: {error}") from None
            states = max(states, 2 * SAVED * found.trained)
            memory = max(memory, WEIGHT * found.parameters + LEARNING * found.trained + PROCESS)
            left += KEPT * found.parameters
        left += KEPT * found.parameters if len(variants) > 1 else 0  # their mean
    rounds = recipe.rounds.count if recipe.rounds else 1
    refuse_too_large(memory, states + rounds * left, "two saved states and the checkpoints", out)


def _by_rows(training: Training, start: Start, learned: Learned, settings: TrainingSettings, processes: int) -> DryRun:
    import torch

    plan = plan_of(settings, learned.lengths, micro_batch=MICRO_BATCH // training.sequences, processes=processes)
    on_gpu = torch.cuda.is_available()
    largest = largest_pass(plan, learned.lengths)
    share = learned.learned / sum(learned.lengths)
    activations = activation_bytes(start.config, largest, round(largest * share), on_gpu)
    # Each of several loads all weights before they are cut, and the first gathers them at the end; where there are GPUs, beside them.
    whole = WEIGHT * start.parameters if processes > 1 and not on_gpu else 0
    return DryRun(
        len(learned.lengths),
        learned.held_out,
        learned.dropped,
        plan.steps,
        plan.tokens_after[-1],
        learned.learned,
        max(learned.lengths),
        start.parameters,
        start.trained,
        (WEIGHT * start.parameters + LEARNING * start.trained) // processes + max(activations, whole) + PROCESS,
        2 * SAVED * start.trained + WEIGHT * start.parameters,
        None if on_gpu else plan.tokens_after[-1] / TRAINING_TOKENS_PER_S * start.parameters / MEASURED_ON,
        processes=processes,
    )


def _by_its_answers(config: dict[str, Any], count: int, asked: Asked, settings: OnPolicy, processes: int) -> DryRun:
    """The engine, its cache, what is read beside and weights on their way to the engine take memory as well; of several processes each
    has its part of them.
    """
    import torch

    on_gpu = torch.cuda.is_available()
    steps, answers = steps_of(settings, len(asked.prompts)), settings.batch_size * settings.samples
    drawn = steps * answers * settings.max_tokens
    tokens = drawn + round(steps * answers * sum(asked.prompts) / len(asked.prompts))
    longest = max(asked.prompts) + settings.max_tokens
    largest = max(MICRO_TOKENS, longest)
    activations = activation_bytes(config, largest, round(largest * drawn / tokens), on_gpu)
    read = sum(map(parameters, asked.beside))
    beside = WEIGHT * (read + settings.staleness * count)
    engine = HOSTED * count + (0 if on_gpu else round(Serving().kv_cache_gb * (1 << 30)))
    # As in `_by_rows`; the engine has a process of its own then.
    whole = WEIGHT * (count + read) if processes > 1 and not on_gpu else 0
    apart = PROCESS if processes > 1 else 0
    seconds = (drawn / TOKENS_PER_S + tokens / TRAINING_TOKENS_PER_S) * count / MEASURED_ON
    return DryRun(
        len(asked.prompts),
        0,
        asked.dropped,
        steps,
        tokens,
        drawn,
        longest,
        count,
        count,
        ((WEIGHT + LEARNING) * count + beside + engine + apart) // processes + max(activations, whole) + PROCESS,
        2 * SAVED * count + WEIGHT * count,
        None if on_gpu else seconds,
        processes=processes,
        answers=answers,
        notes=list(asked.notes),
    )


def largest_pass(plan: BatchPlan, lengths: list[int]) -> int:
    """Most tokens in one forward pass, padding left out."""
    order, size = plan.order, plan.micro_batch
    return max(sum(lengths[row] for row in order[at : at + size]) for at in range(0, len(order), size))


def activation_bytes(config: dict[str, Any], tokens: int, learned: int, recomputed: bool) -> int:
    """Bytes that a forward pass of `tokens` keeps for its backward pass, of which `learned` go through the output head.

    Of a layer, under bf16 autocast: two fp32 residuals and norms and the attention's fp32 query, key, value and output, about
    30 bytes a channel, and four bf16 tensors of the feed-forward width. With `recomputed` activations a residual a layer, and one layer whole.
    """
    width, layers = int(config.get("hidden_size", 0)), int(config.get("num_hidden_layers", 0))
    wide, vocabulary = int(config.get("intermediate_size", 0)), int(config.get("vocab_size", 0))
    layer = 30 * width + 8 * wide
    kept = layers * 4 * width + layer if recomputed else layers * layer
    # Logits in bf16 and in fp32, their gradient in both.
    return tokens * kept + learned * vocabulary * 12


def available_memory() -> int:
    """Bytes that a new process may take of this machine, and of what a container or a batch system leaves it of that."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    free = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable"))
    mine = Path("/proc/self/cgroup")  # not there on a kernel without control groups
    return min([free, *left_in_groups(mine.read_text() if mine.exists() else "", Path("/sys/fs/cgroup"))])


def left_in_groups(mine: str, groups: Path) -> Iterator[int]:
    """Bytes left in each control group of a process that limits memory, of either version; files that are cached give way."""
    for line in mine.splitlines():
        _, controllers, name = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        most, used, cached = V1 if controllers else V2
        top = groups / controllers
        folder = top / name.lstrip("/")
        for group in (folder, *folder.parents):
            with contextlib.suppress(OSError, ValueError):  # not to be seen from within a container, or `max`
                stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
                held = int((group / used).read_text()) - sum(int(stat[kind]) for kind in cached if kind in stat)
                yield int((group / most).read_text()) - held
            if group == top:
                break


def refuse_too_large(memory_bytes: int, disk_bytes: int, kept: str, out: Path) -> None:
    """Raises AlignmentError where this machine's memory, or the disk below `out`, cannot hold so much; `kept` is what the disk has to."""
    import torch

    place = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    if disk_bytes > free:
        raise AlignmentError(f"{place}: {_gb(free)} free, and {kept} take {_gb(disk_bytes)}; give another --out")
    if torch.cuda.is_available():
        return
    if memory_bytes > (memory := available_memory()):
        raise AlignmentError(
            f"about {_gb(memory_bytes)} of memory are needed and {_gb(memory)} are free; lower max_length or take a smaller checkpoint"
        )


def told(found: DryRun) -> list[str]:
    """The lines that a person reads."""
    dropped = ", ".join(f"{count:,} {reason}" for reason, count in sorted(found.dropped.items()))
    rows = f"{found.rows:,} {'row' if found.rows == 1 else 'rows'} to learn from" + (
        f", {found.held_out:,} held out" if found.held_out else ""
    )
    time = "" if found.seconds is None else f", about {found.seconds:,.0f} s at the speed of two cores"
    of_which = "" if found.trained == found.parameters else f", {found.trained:,} in adapters are trained"
    tokens = f"{found.tokens:,} tokens ({found.learned_tokens:,} of an epoch are learned)"
    if found.answers:
        tokens = f"{found.answers:,} answers each, at most {found.tokens:,} tokens ({found.learned_tokens:,} drawn)"
    each = f" in each of {found.processes} processes" if found.processes > 1 else ""
    return [
        rows + (f"; dropped: {dropped}" if dropped else ""),
        f"{found.steps:,} {'step' if found.steps == 1 else 'steps'}, {tokens}{time}",
        f"longest row: {found.longest:,} tokens",
        f"{found.parameters:,} parameters{of_which}: about {_gb(found.memory_bytes)} of memory{each}, {_gb(found.disk_bytes)} of disk",
        *found.notes,
    ]


def _gb(size: int) -> str:
    return f"{size / 1e9:,.1f} GB"
