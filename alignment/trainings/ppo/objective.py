"""The arithmetic of PPO: two ways to an advantage, the clipped objective, and how far sampler and trainer are apart.

Token figures are flat, shape (tokens,): the answers of a batch one behind another, prompts left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from alignment.errors import AlignmentError

if TYPE_CHECKING:
    from torch import Tensor

NEAR_1 = {"float32": 1e-6, "bfloat16": 0.02}
"""KL a token that rounding explains between sampler and trainer with the same weights: ten times what was measured and more, and a
fifth of what weights that are 5% off gave (docs/train/ppo.md)."""
SELF = 1e-3
"""The same between two computations of the trainer, whose batches differ."""


def group_advantages(rewards: Sequence[Sequence[float]]) -> list[list[float]]:
    """By group of answers to one prompt: each answer's reward less the group's mean, over their standard deviation; 0 where
    all are alike.
    """
    found = []
    for group in rewards:
        mean = sum(group) / len(group)
        deviation = math.sqrt(sum((reward - mean) ** 2 for reward in group) / len(group))
        found.append([(reward - mean) / deviation if deviation > 1e-6 else 0.0 for reward in group])
    return found


def gae(values: Sequence[float], reward: float, *, lam: float, gamma: float = 1.0) -> tuple[list[float], list[float]]:
    """Generalised advantage estimation over one answer, whose tokens' `values` are the critic's before each is drawn and whose
    reward comes with its last one: the advantages, and the returns that the critic is to learn.
    """
    advantages = [0.0] * len(values)
    following = after = 0.0
    for at in reversed(range(len(values))):
        delta = (reward if at == len(values) - 1 else 0.0) + gamma * after - values[at]
        following = delta + gamma * lam * following
        advantages[at], after = following, values[at]
    return advantages, [advantage + value for advantage, value in zip(advantages, values, strict=True)]


def clipped_loss(
    new: Tensor, old: Tensor, sampler: Tensor, advantages: Tensor, *, clip: float, cap: float
) -> tuple[Tensor, dict[str, float]]:
    """The loss summed over tokens, and sums of what it clipped, all of shape (tokens,) but the loss.

    `new` are the log-probabilities of the policy in training, `old` of the one that the batch began with, as the trainer computes
    them, `sampler` of the same one as the sampler did. What was drawn by the sampler is weighed by old / sampler, at most `cap`.
    """
    import torch

    ratio = torch.exp(new - old)
    bounded = ratio.clamp(1 - clip, 1 + clip)
    weight = torch.exp(old - sampler)
    loss = -(weight.clamp(max=cap) * torch.minimum(ratio * advantages, bounded * advantages)).sum()
    with torch.no_grad():
        outside = (ratio * advantages > bounded * advantages).sum().item()
        return loss, {
            "clipped": outside,
            "truncated": (weight > cap).sum().item(),
            "kl": kl_of(new - old).sum().item(),
        }


def kl_of(log_ratio: Tensor) -> Tensor:
    """Of each token r - 1 - log r (Schulman's k3): never negative, and on average KL(who drew || who says r)."""
    import torch

    return torch.expm1(log_ratio) - log_ratio


def mismatch(trainer: Tensor, sampler: Tensor) -> dict[str, float]:
    """How far the trainer's log-probabilities are from the sampler's, of the same tokens: KL per token, and quantiles of the ratio of
    trainer to sampler.
    """
    import torch

    log_ratio = (trainer - sampler).double()
    points = torch.exp(torch.quantile(log_ratio, torch.tensor([0.01, 0.5, 0.99], dtype=torch.float64))).tolist()
    return {
        "kl": kl_of(log_ratio).mean().item(),
        "ratio_p01": points[0],
        "ratio_p50": points[1],
        "ratio_p99": points[2],
    }


def by_lag(trainer: Tensor, sampler: Tensor, lags: Sequence[int]) -> dict[str, float]:
    """The same KL by how many updates older the sampler's weights were than the trainer's, token by token; and the mean of that."""
    import torch

    kl, lag = kl_of((trainer - sampler).double()), torch.tensor(lags)
    found = {f"kl_lag{one}": kl[lag == one].mean().item() for one in sorted(set(lags))}
    return found | {"lag": lag.double().mean().item()}


def check_ratio_is_1(kl: float, most: float, between: str) -> None:
    """Before the first update, and before the first one after going on, two computations of one policy agree."""
    if not kl <= most:
        raise AlignmentError(
            f"the ratio of {between} is not 1 before any update: KL {kl:.4f} a token, where rounding explains {most}: they are "
            "not one policy (stale weights in the engine, dropout left on, or other tokens than those sampled)"
        )
