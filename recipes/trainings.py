"""What a recipe may say of a training: all that decides its result besides the checkpoint and the data."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator

from recipes.part import LeastProof, Part


def _steps(value: int) -> int:
    if value < 1 and value != -1:
        raise ValueError("steps are 1 or more; -1 is none, and `epochs` counts")
    return value


class TrainingSettings(Part):
    """What every training has: all that decides its result besides the checkpoint and the data."""

    epochs: PositiveFloat
    lr: PositiveFloat
    """Peak learning rate; linear warm-up, then linear decay to zero."""
    batch_size: PositiveInt
    """Rows in one optimiser step."""
    max_length: PositiveInt = 1024
    """Tokens; a longer row is dropped and counted."""
    warmup_ratio: float = Field(default=0.03, ge=0, lt=1)
    """Share of the steps over which the learning rate rises."""
    max_steps: Annotated[int, AfterValidator(_steps)] = -1
    """Optimiser steps instead of `epochs`; -1 is none."""
    seed: int = 0
    """Decides the order of the rows. In a recipe it is the recipe's own `seed` where none is given here."""
    save_every_s: float = Field(default=120.0, ge=0)
    """Seconds between saved states; a killed run loses at most this much."""


LORA_ALPHA = 32


class Tuned(TrainingSettings):
    """What trainings on TRL's trainers have."""

    lora_rank: NonNegativeInt = 0
    """Of low-rank adapters that train in the place of the weights and are added to them at the end; 0 trains every weight.
    They take a tenth of the memory, and a learning rate some ten times higher."""
    lora_alpha: PositiveInt = LORA_ALPHA
    """What an adapter adds counts `lora_alpha / lora_rank` times."""

    @model_validator(mode="after")
    def _alpha_is_of_adapters(self) -> Self:
        if self.lora_alpha != LORA_ALPHA and not self.lora_rank:
            raise ValueError("lora_alpha says nothing without adapters; give lora_rank as well: 16, say")
        return self


class SFT(Tuned):
    """Supervised fine-tuning (section 4.1.3). Rows are conversations."""

    epochs: PositiveFloat = 2.0
    lr: PositiveFloat = 2e-5
    batch_size: PositiveInt = 16
    """The loss is averaged over a batch's learned tokens, not over its conversations."""


class DPO(Tuned):
    """Direct preference optimisation (section 4.1.4). Rows are pairs."""

    epochs: PositiveFloat = 1.0
    lr: PositiveFloat = 5e-6
    """1e-6 moved nothing on a 135M model."""
    batch_size: PositiveInt = 8
    beta: PositiveFloat = 0.1
    """How dearly the policy pays for leaving its reference."""
    nll_weight: float = Field(default=0.2, ge=0)
    """Weight of the negative log-likelihood of the chosen response."""


class Reward(Tuned):
    """The reward model (section 4.1.2). Rows are a prompt with two answers or three."""

    epochs: PositiveFloat = 1.0
    lr: PositiveFloat = 1e-4
    """The head begins at zero: at 1e-5 the loss had not moved after four steps."""
    batch_size: PositiveInt = 8
    max_similarity: PositiveFloat = 0.95
    """Answers that have more than this share of their tokens in common are not learned from."""
    held_out: float = Field(default=0.1, ge=0, lt=1)
    """Share of the prompts that are not trained on, to say how well it ranks."""


class Stepwise(Tuned):
    """The stepwise reward model (section 4.3.3). Rows are a question, the steps of an answer, and how good each is."""

    epochs: PositiveFloat = 1.0
    lr: PositiveFloat = 1e-4
    batch_size: PositiveInt = 8
    """Answers; the loss is averaged over their steps."""
    held_out: float = Field(default=0.1, ge=0, lt=1)
    """Share of the questions that are not trained on, to say how well it tells good steps from bad ones."""


class OnPolicy(TrainingSettings):
    """What trainings have that learn from answers which the policy gives meanwhile."""

    samples: PositiveInt
    """Answers to each problem or request."""
    max_tokens: PositiveInt = 320
    """Of one answer; what leaves no room for it within `max_length` is dropped."""
    passes: PositiveInt = 1
    """Times that a batch is learned from,"""
    minibatches: PositiveInt = 2
    """in that many optimiser steps each."""
    clip: float = Field(default=0.2, gt=0, lt=1)
    """How far a token's probability may move in one step before it stops counting."""
    importance_cap: float = Field(default=2.0, ge=1)
    """Most that a token weighs for being likelier to the trainer than to the sampler."""
    max_in_flight: PositiveInt = 128
    """Answers decoded together."""
    staleness: int = Field(default=0, ge=0, le=2)
    """Steps by which the weights that draw a batch may be older than those that learn from it: with 1 or 2 they work at once."""


class PPO(OnPolicy):
    """Reinforcement learning. Rows are problems with tests, or prompts where a model gives the reward."""

    epochs: PositiveFloat = 1.0
    lr: PositiveFloat = 2e-6
    reward: str = "sandbox"
    """Or the directory of a reward model."""
    kl_weight: float = Field(default=0.0, ge=0)
    """Weight of the KL to the start, which a reward model needs: 0.05, say."""
    batch_size: PositiveInt = 8
    """Problems of one step."""
    samples: Annotated[int, Field(ge=2)] = 8
    advantage: Literal["group", "gae"] = "group"
    """Against the other answers to the same problem, or by generalised advantage estimation with a critic."""
    lam: float = Field(default=1.0, ge=0, le=1)
    """GAE's lambda."""
    critic_lr: PositiveFloat = 1e-3
    """The critic begins at zero, so it learns faster than the policy."""
    redraws: NonNegativeInt = 2
    """Rounds in which other problems are drawn for those whose answers all earned the same."""
    held_out: float = Field(default=0.34, ge=0, lt=1)
    """Share of a problem's tests that earn nothing and show whether the others are learned by heart."""
    max_gap: float = Field(default=0.5, gt=0, le=1)
    """Share of rewarded answers that may fail them, over the last 20 steps, before the run is stopped."""
    canaries: float = Field(default=0.25, ge=0, le=1)
    """Share of rewarded programs that are held to a test that no program can pass."""
    least_proof: LeastProof = "isolated"
    """A pass by a weaker proof is left out."""


class Distill(OnPolicy):
    """On-policy distillation. Rows are requests; what answers them is the student."""

    teacher: str = "default"
    """A directory or Hub id whose tokenizer is the student's."""
    epochs: PositiveFloat = 1.0
    lr: PositiveFloat = 1e-5
    batch_size: PositiveInt = 16
    """Requests of one step."""
    samples: PositiveInt = 2


class Train(Part):
    """The trainings, in this order; leave one out to skip it. Each is told in `alignment/trainings/NAME`."""

    sft: SFT | None = None
    dpo: DPO | None = None
    reward: Reward | None = None
    stepwise: Stepwise | None = None
    ppo: PPO | None = None
    distill: Distill | None = None
