"""Learning rate, batch size and sequence length as functions of the tokens consumed (section 3.4).

Everything is counted in tokens, not steps: where the batch grows, a step is not a fixed amount of training. A step
consumes rows x sequence_length tokens, padding included, so a schedule is known before the data are.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

from pretrain.errors import PretrainError

Ramp = int | tuple[tuple[int, int], ...]
"""A value, or ((from_tokens, value), ...): the value that holds from so many consumed tokens on. The first is from 0."""

SCHEDULES = ("cosine", "linear", "constant")


@dataclass(frozen=True)
class Training:
    """All that decides the curve of one training, apart from the model and the data."""

    tokens: int
    """Budget, tokens: the first step that reaches it is the last."""
    lr: float = 3e-4
    """Peak learning rate."""
    schedule: str = "cosine"
    """After the warm-up: `cosine` down to floor x lr in the last step, `linear` down to 0 after it, or `constant`."""
    warmup_tokens: int = 0
    """Tokens over which the learning rate rises linearly from 0."""
    floor: float = 0.01
    """What the cosine ends at, as a share of the peak."""
    batch_tokens: Ramp = 32_768
    """Tokens of one optimizer step over all ranks; a multiple of the sequence length."""
    sequence_length: Ramp = 2048
    """Tokens of a row."""
    micro_batch_tokens: int | None = None
    """Tokens that a rank puts through the model at once, in whole rows; None: its whole share of the batch."""
    betas: tuple[float, float] = (0.9, 0.95)
    eps: float = 1e-8
    weight_decay: float = 0.1
    """Of matrices; norms and the embedding do not decay."""
    clip_norm: float = 1.0
    """Largest global norm of the gradient."""
    dtype: str = "float32"
    """`bfloat16`: computes in bfloat16, keeps weights and moments in float32."""
    compile: bool = False
    """torch.compile of each block."""
    activation_checkpointing: bool = False
    """Recompute each block in the backward pass instead of keeping its activations."""
    evaluate_every: int = 0
    """Steps between evaluations; 0: only after the last."""
    checkpoint_every: int = 0
    """Steps between resumable states; 0: only after the last."""
    keep: int = 2
    """Resumable states kept."""
    max_skips: int = 5
    """Skipped updates in a row after which the training stops."""
    average_last: int = 0
    """Polyak: the mean of this many snapshots of the weights, evenly spaced, the last one at the end. 0: none."""

    def __post_init__(self) -> None:
        if self.tokens < 1:
            raise PretrainError(f"tokens = {self.tokens}: a training needs a budget of at least one token")
        if self.schedule not in SCHEDULES:
            raise PretrainError(f"schedule = {self.schedule!r}; known: {', '.join(SCHEDULES)}")
        if self.dtype not in ("float32", "bfloat16"):
            raise PretrainError(f"dtype = {self.dtype!r}; known: float32, bfloat16")
        if not 0 <= self.warmup_tokens < self.tokens:
            raise PretrainError(f"warmup_tokens = {self.warmup_tokens:,} must be less than tokens = {self.tokens:,}")
        for name in ("batch_tokens", "sequence_length"):
            check_ramp(name, getattr(self, name))
        for start in sorted({0, *starts(self.batch_tokens), *starts(self.sequence_length)}):
            step_sizes(self, start)


def learning_rate(training: Training, before: int, after: int) -> float:
    """The learning rate of the step that takes the consumed tokens from `before` to `after`.

    Warm-up and cosine look at `after`: the first step is not wasted on 0, and the last is at the floor exactly,
    whatever the size of its batch. The line to 0 looks at `before`: it reaches 0 where no step is left to waste.
    """
    after = min(after, training.tokens)
    if after < training.warmup_tokens:
        return training.lr * after / training.warmup_tokens
    length = training.tokens - training.warmup_tokens
    if training.schedule == "cosine":
        progress = (after - training.warmup_tokens) / length
        if progress >= 1:
            return training.lr * training.floor
        return training.lr * (training.floor + (1 - training.floor) * 0.5 * (1 + math.cos(math.pi * progress)))
    if training.schedule == "linear":
        return training.lr * min(1.0, (training.tokens - before) / length)
    return training.lr


def at(ramp: Ramp, tokens: int) -> int:
    """The ramp's value once `tokens` are consumed."""
    if isinstance(ramp, int):
        return ramp
    return next(value for start, value in reversed(ramp) if start <= tokens)


def starts(ramp: Ramp) -> list[int]:
    """The numbers of consumed tokens at which the ramp's values begin."""
    return [0] if isinstance(ramp, int) else [start for start, _ in ramp]


def step_sizes(training: Training, tokens: int) -> tuple[int, int]:
    """(rows, sequence_length) of the global batch of the step that begins after `tokens`."""
    batch, length = at(training.batch_tokens, tokens), at(training.sequence_length, tokens)
    if batch % length:
        raise PretrainError(
            f"batch_tokens = {batch:,} from token {tokens:,} on is not a multiple of sequence_length = {length:,}; "
            f"{max(1, round(batch / length)) * length:,} would be"
        )
    return batch // length, length


def step_count(training: Training) -> int:
    """Optimizer steps of the whole training."""
    changes = sorted({*starts(training.batch_tokens), *starts(training.sequence_length), training.tokens})
    tokens = steps = 0
    for change in changes:
        stretch = min(change, training.tokens) - tokens
        if stretch > 0:
            count = math.ceil(stretch / at(training.batch_tokens, tokens))
            steps, tokens = steps + count, tokens + count * at(training.batch_tokens, tokens)
    return steps


def snapshot_steps(training: Training) -> set[int]:
    """The steps after which the average takes a snapshot."""
    total, count = step_count(training), training.average_last
    return {math.ceil(total * (i + 1) / count) for i in range(count)}


def check_ramp(name: str, ramp: Ramp) -> None:
    """Refuse a ramp that does not begin at 0, or does not go forward, or has a value below 1."""
    points = ((0, ramp),) if isinstance(ramp, int) else ramp
    begins = [start for start, _ in points]
    if not points or begins[0] != 0 or any(b <= a for a, b in pairwise(begins)):
        raise PretrainError(
            f"{name} = {ramp}: write [[0, VALUE], [FROM_TOKENS, VALUE], ...], each from later than the last"
        )
    if any(value < 1 for _, value in points):
        raise PretrainError(f"{name} = {ramp}: every value must be at least 1")
