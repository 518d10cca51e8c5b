"""Cross-entropy of a head whose rows lie on several tensor ranks: no rank ever sees all logits of a token."""

from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from torch.distributed.tensor import DTensor

from pretrain.errors import PretrainError
from pretrain.kernels.loss import check_targets

CHUNK_TOKENS = 1024
"""Tokens whose logits live at once."""
IGNORE = -100
"""The target of a token that has none."""


class VocabularyParallelCrossEntropy:
    """`linear_cross_entropy` where each tensor rank holds some rows of the head: no rank ever sees all logits of a token.

    Three numbers a token go between ranks: the largest logit, the denominator, and the target's logit.
    """

    def __init__(self, group: dist.ProcessGroup) -> None:
        self.group = group

    def __call__(self, hidden: Tensor, weight: Tensor, targets: Tensor, reduction: str = "sum") -> Tensor:
        """hidden (T, width), the same on all ranks; weight a DTensor split by rows; targets (T,), -100 where none.

        Returns the sum. Raises PretrainError for a target past the vocabulary; on a GPU the loss is NaN then.
        """
        if reduction != "sum" or not isinstance(weight, DTensor):
            raise PretrainError("the vocabulary-parallel loss is a sum over a head that is split among tensor ranks")
        if targets.device.type == "cpu":
            check_targets(targets, weight.shape[0])
        return _VocabularyParallelSum.apply(hidden, weight.to_local(), targets, weight.shape[0], self.group)


class _VocabularyParallelSum(torch.autograd.Function):
    """The summed loss; gradients are made in the forward pass, a chunk at a time, and only scaled in the backward."""

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, vocabulary_size: int, group: dist.ProcessGroup
    ) -> Tensor:
        first = dist.get_rank(group) * weight.shape[0]
        wide = torch.promote_types(hidden.dtype, torch.float32)
        total = hidden.new_zeros((), dtype=wide)
        wanted = any(ctx.needs_input_grad)
        grad_hidden = torch.empty_like(hidden) if wanted else None
        grad_weight = torch.zeros_like(weight, dtype=wide) if wanted else None
        for rows in (slice(start, start + CHUNK_TOKENS) for start in range(0, len(targets), CHUNK_TOKENS)):
            h, t = hidden[rows], targets[rows]
            logits = F.linear(h, weight).to(wide)
            largest = logits.amax(dim=1)
            dist.all_reduce(largest, dist.ReduceOp.MAX, group=group)
            logits -= largest[:, None]
            counts = t != IGNORE
            mine = counts & (t >= first) & (t < first + weight.shape[0])
            index = (t - first).where(mine, 0)[:, None]
            target = logits.gather(1, index)[:, 0].where(mine, 0)
            slope = logits.exp_()
            sums = torch.stack((slope.sum(dim=1), target))
            dist.all_reduce(sums, group=group)
            losses = (sums[0].log() - sums[1]).where(counts, 0)
            total += losses.masked_fill(counts & ((t < 0) | (t >= vocabulary_size)), float("nan")).sum()
            if grad_hidden is not None and grad_weight is not None:
                slope /= sums[0, :, None]
                slope.scatter_add_(1, index, -mine.to(wide)[:, None])
                slope = slope.where(counts[:, None], 0).to(hidden.dtype)
                torch.mm(slope, weight, out=grad_hidden[rows])
                grad_weight += slope.t() @ h
        ctx.save_for_backward(grad_hidden, grad_weight)
        ctx.group = group
        return total

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        grad_hidden, grad_weight = ctx.saved_tensors
        # Each rank's part of the vocabulary has its say in the hidden state's gradient.
        grad_hidden = grad_hidden * grad.to(grad_hidden.dtype)
        dist.all_reduce(grad_hidden, group=ctx.group)
        return grad_hidden, (grad_weight * grad).to(grad_hidden.dtype), None, None, None
