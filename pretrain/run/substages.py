"""From a recipe to the trainings it comes to, in order: one for each stage, and one for each length of a long-context stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pretrain.errors import PretrainError
from pretrain.run.recipe import Annealing, Initial, LongContext, Recipe, StageOf
from pretrain.training.schedules import Ramp, Training, at, starts


@dataclass(frozen=True)
class SubStage:
    """What one call of `train` does: a stage, or one length of a long-context stage."""

    name: str
    stage: Initial | LongContext | Annealing
    training: Training
    length: int
    """The longest rows it trains on."""
    rope_base: float | None = None


def sub_stages(recipe: Recipe, rope_base: float) -> Iterator[SubStage]:
    """The calls of `train` that a recipe comes to, in order."""
    names: dict[str, int] = {}
    for stage in recipe.stages:
        if isinstance(stage, LongContext):
            bases = stage.rope_base if isinstance(stage.rope_base, list) else [stage.rope_base] * len(stage.lengths)
            for length, base in zip(stage.lengths, bases, strict=True):
                rope_base = base or rope_base
                training = _training(
                    recipe, stage, tokens=stage.max_tokens, sequence_length=length, schedule="constant",
                    evaluate_every=stage.check_every,
                )  # fmt: skip
                yield SubStage(_unique(f"long-context-{length}", names), stage, training, length, rope_base)
        elif isinstance(stage, Initial):
            lengths = _ramp(stage.sequence_length)
            training = _training(
                recipe, stage, tokens=stage.tokens, sequence_length=lengths, schedule="cosine", floor=stage.floor
            )
            longest = max(at(lengths, start) for start in starts(lengths))
            yield SubStage(_unique("initial", names), stage, training, longest, rope_base)
        else:
            training = _training(
                recipe, stage, tokens=stage.tokens, sequence_length=stage.sequence_length, schedule="linear",
                average_last=stage.average,
            )  # fmt: skip
            yield SubStage(_unique("annealing", names), stage, training, stage.sequence_length, rope_base)


def _training(recipe: Recipe, stage: StageOf, **own: Any) -> Training:
    optimizer, compute = recipe.optimizer, recipe.compute
    settings: dict[str, Any] = {
        "evaluate_every": recipe.evaluation.every,
        "lr": stage.lr,
        "warmup_tokens": stage.warmup_tokens,
        "batch_tokens": _ramp(stage.batch_tokens),
        "betas": (optimizer.beta1, optimizer.beta2),
        "checkpoint_every": recipe.checkpoints.every,
        "keep": recipe.checkpoints.keep,
        **optimizer.model_dump(exclude={"beta1", "beta2"}),
        **compute.model_dump(),
        **own,
    }
    try:
        return Training(**settings)
    except PretrainError as error:
        raise PretrainError(f"stage {stage.kind}: {error}") from None


def _ramp(value: Any) -> Ramp:
    return value if isinstance(value, int) else tuple((int(start), int(size)) for start, size in value)


def _unique(name: str, names: dict[str, int]) -> str:
    names[name] = names.get(name, 0) + 1
    return name if names[name] == 1 else f"{name}-{names[name]}"
