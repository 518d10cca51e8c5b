"""The output head and its cross-entropy in one, a chunk of tokens at a time: no (T, vocabulary) tensor ever lives.

Where the loss is a sum (or mean), a chunk's gradients are taken while its logits are there, so that the head's
product is computed once; only for single losses (`reduction="none"`) does the backward pass compute it again.
"""

import ctypes
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from pretrain.errors import PretrainError
from pretrain.kernels.cpu import native as cpu_native

CHUNK_BYTES = {"cpu": 100 << 20, "cuda": 1 << 30}
"""Size of a chunk's logits in the head's dtype. Larger chunks pay less for adding up the head's gradient."""


def linear_cross_entropy(
    hidden: Tensor,
    weight: Tensor,
    targets: Tensor,
    ignore_index: int = -100,
    reduction: Literal["none", "sum", "mean"] = "mean",
) -> Tensor:
    """Cross-entropy of `softmax(hidden @ weight.T)` against `targets`, float32 (float64 where hidden is).

    hidden (T, width) and weight (vocabulary, width), differentiable; targets (T,) int64, `ignore_index` where a token
    has none: there the loss and its gradients are 0. Returns a scalar, or (T,) for "none"; the
    mean is over the targets that count, and 0 where none does. Logits are products in hidden's dtype, the softmax is in
    float32. Raises PretrainError for a target past the vocabulary; on a GPU, where looking would wait, the loss is NaN.
    """
    if (
        hidden.dim() != 2
        or weight.dim() != 2
        or hidden.shape[1] != weight.shape[1]
        or targets.shape != hidden.shape[:1]
    ):
        raise PretrainError(
            "linear_cross_entropy takes hidden (T, width), weight (vocabulary, width), targets (T,); got "
            f"{tuple(hidden.shape)}, {tuple(weight.shape)}, {tuple(targets.shape)}"
        )
    if targets.device.type == "cpu":
        check_targets(targets, weight.shape[0], ignore_index)
    if torch.is_autocast_enabled(hidden.device.type):
        dtype = torch.get_autocast_dtype(hidden.device.type)
        hidden, weight = hidden.to(dtype), weight.to(dtype)
    if reduction == "none":
        return _Losses.apply(hidden, weight, targets, ignore_index)
    total = _Sum.apply(hidden, weight, targets, ignore_index)
    return total if reduction == "sum" else total / (targets != ignore_index).sum().clamp(min=1)


def check_targets(targets: Tensor, vocabulary_size: int, ignore_index: int = -100) -> None:
    """Raise PretrainError at the first target that is neither `ignore_index` nor in the vocabulary. Waits for a GPU."""
    wrong = _outside(targets, vocabulary_size) & (targets != ignore_index)
    if wrong.any():
        first = int(wrong.int().argmax())
        raise PretrainError(
            f"target {int(targets[first])} at position {first:,} is outside the vocabulary of {vocabulary_size:,}; "
            "was the text encoded with another tokenizer?"
        )


class _Sum(torch.autograd.Function):
    """The summed loss; gradients are made in the forward pass and only scaled in the backward pass."""

    @staticmethod
    def forward(
        ctx: torch.autograd.function.FunctionCtx, hidden: Tensor, weight: Tensor, targets: Tensor, ignore_index: int
    ) -> Tensor:
        wants_hidden, wants_weight = ctx.needs_input_grad[:2]  # type: ignore[attr-defined]
        total = hidden.new_zeros((), dtype=_precision(hidden))
        grad_hidden = torch.empty_like(hidden) if wants_hidden else None
        grad_weight = None
        for rows in _chunks(hidden, weight):
            logits = F.linear(hidden[rows], weight)
            total += _losses(logits, targets[rows], ignore_index, gradient=wants_hidden or wants_weight).sum()
            if grad_hidden is not None:
                torch.mm(logits, weight, out=grad_hidden[rows])
            if wants_weight:
                grad_weight = _added(grad_weight, logits, hidden[rows])
        ctx.save_for_backward(grad_hidden, grad_weight)  # type: ignore[arg-type]
        ctx.dtype = weight.dtype  # type: ignore[attr-defined]
        return total

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, grad: Tensor) -> tuple[Tensor | None, ...]:
        grad_hidden, grad_weight = ctx.saved_tensors  # type: ignore[attr-defined]
        if grad_hidden is not None:
            grad_hidden = grad_hidden * grad.to(grad_hidden.dtype)
        if grad_weight is not None:
            grad_weight = (grad_weight * grad).to(ctx.dtype)  # type: ignore[attr-defined]
        return grad_hidden, grad_weight, None, None


class _Losses(torch.autograd.Function):
    """One loss for each token; the backward pass computes the logits again, since each loss's gradient is its own."""

    @staticmethod
    def forward(
        ctx: torch.autograd.function.FunctionCtx, hidden: Tensor, weight: Tensor, targets: Tensor, ignore_index: int
    ) -> Tensor:
        losses = hidden.new_empty(targets.shape, dtype=_precision(hidden))
        for rows in _chunks(hidden, weight):
            losses[rows] = _losses(F.linear(hidden[rows], weight), targets[rows], ignore_index, gradient=False)
        ctx.save_for_backward(hidden, weight, targets)
        ctx.ignore_index = ignore_index  # type: ignore[attr-defined]
        return losses

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, grad: Tensor) -> tuple[Tensor | None, ...]:
        hidden, weight, targets = ctx.saved_tensors  # type: ignore[attr-defined]
        wants_hidden, wants_weight = ctx.needs_input_grad[:2]  # type: ignore[attr-defined]
        grad_hidden = torch.empty_like(hidden) if wants_hidden else None
        grad_weight = None
        for rows in _chunks(hidden, weight):
            logits = F.linear(hidden[rows], weight)
            _losses(logits, targets[rows], ctx.ignore_index, gradient=True, factors=grad[rows])  # type: ignore[attr-defined]
            if grad_hidden is not None:
                torch.mm(logits, weight, out=grad_hidden[rows])
            if wants_weight:
                grad_weight = _added(grad_weight, logits, hidden[rows])
        return grad_hidden, None if grad_weight is None else grad_weight.to(weight.dtype), None, None


def _losses(
    logits: Tensor, targets: Tensor, ignore_index: int, gradient: bool, factors: Tensor | None = None
) -> Tensor:
    """The losses (chunk,). With `gradient`, `logits` becomes their gradient in place, each row times its factor."""
    if logits.device.type == "cpu" and logits.dtype in (torch.float32, torch.bfloat16):
        library = cpu_native.library()
        if library is not None:
            return _native_losses(library, logits, targets, ignore_index, gradient, factors)
    if logits.device.type == "cuda" and logits.dtype != torch.float64:
        from pretrain.kernels.gpu.fused import cross_entropy_

        return cross_entropy_(logits, targets, ignore_index, gradient, factors)
    wide = logits.to(_precision(logits))
    lse = wide.logsumexp(dim=1)
    counts = targets != ignore_index
    wrong = counts & _outside(targets, logits.shape[1])
    index = targets.where(counts & ~wrong, 0)[:, None]
    losses = (lse - wide.gather(1, index)[:, 0]).where(counts, 0).masked_fill(wrong, float("nan"))
    if gradient:
        slope = (wide - lse[:, None]).exp_()
        slope.scatter_add_(1, index, slope.new_full(index.shape, -1.0))
        if factors is not None:
            slope *= factors[:, None]
        logits.copy_(slope.where(counts[:, None], 0))
    return losses


def _native_losses(
    library: ctypes.CDLL,
    logits: Tensor,
    targets: Tensor,
    ignore_index: int,
    gradient: bool,
    factors: Tensor | None,
) -> Tensor:
    """`_losses` in one pass over each row while it is in the cache (`cpu/loss.cpp`)."""
    losses = logits.new_empty(targets.shape, dtype=torch.float32)
    targets = targets.contiguous()
    factors = None if factors is None else factors.float().contiguous()
    function = library.cross_entropy_float32 if logits.dtype == torch.float32 else library.cross_entropy_bfloat16
    function(
        ctypes.c_void_p(logits.data_ptr()),
        *map(ctypes.c_int64, logits.shape),
        ctypes.c_void_p(targets.data_ptr()),
        ctypes.c_int64(ignore_index),
        ctypes.c_void_p(None if factors is None else factors.data_ptr()),
        ctypes.c_int(gradient),
        ctypes.c_void_p(losses.data_ptr()),
        ctypes.c_int(torch.get_num_threads()),
    )
    return losses


def _added(total: Tensor | None, slope: Tensor, hidden: Tensor) -> Tensor:
    """The head's gradient of one more chunk, added up in float32 (a single chunk's is left as its product made it)."""
    part = slope.t() @ hidden
    if total is None:
        return part
    if total.dtype != _precision(part):
        total = total.to(_precision(part))
    return total.add_(part)


def _chunks(hidden: Tensor, weight: Tensor) -> list[slice]:
    row_bytes = weight.shape[0] * hidden.element_size()
    fitting = max(1, CHUNK_BYTES.get(hidden.device.type, CHUNK_BYTES["cuda"]) // row_bytes)
    n_chunks = -(-hidden.shape[0] // fitting)
    size = -(-hidden.shape[0] // max(1, n_chunks))
    return [slice(start, start + size) for start in range(0, hidden.shape[0], max(1, size))]


def _outside(targets: Tensor, vocabulary_size: int) -> Tensor:
    return (targets < 0) | (targets >= vocabulary_size)


def _precision(tensor: Tensor) -> torch.dtype:
    return torch.promote_types(tensor.dtype, torch.float32)
