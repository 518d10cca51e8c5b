"""Attention over packed documents on a CPU: exact, with gradients, at a cost that grows with the documents' squares.

Documents of one length are stacked and go through torch's own CPU flash kernel in one call; it reads each key-value
head for its whole group of query heads, so none is expanded. A custom op, so that `torch.compile` sees no graph break.
"""

import itertools

import torch
from torch import Tensor

from pretrain.errors import PretrainError


def attention_cpu(q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor, scale: float) -> Tensor:
    """Shapes as `pretrain.kernels.attention`; float32, bfloat16, or float64 (for `gradcheck`), one dtype for all three.

    Raises PretrainError where the offsets do not run from 0 to T without falling: reading them here waits for nothing.
    """
    if not q.dtype == k.dtype == v.dtype:
        raise PretrainError(f"attention takes q, k and v of one dtype; got {q.dtype}, {k.dtype}, {v.dtype}")
    if not scale > 0:
        raise PretrainError(
            f"attention's scale is {scale}; it must be positive: masked scores are minus infinity before it"
        )
    out, _ = torch.ops.pretrain.attention_cpu(q, k, v, document_offsets, scale)
    return out


@torch.library.custom_op("pretrain::attention_cpu", mutates_args=(), device_types="cpu")
def _forward(q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    """out (T, H, D), and the natural log of each softmax's denominator, (T, H)."""
    out, lse = _empty_results(q)
    for rows in _equal_lengths(_bounds(document_offsets, q.shape[0])):
        part, part_lse = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu(
            _stack(q, rows), _stack(k, rows), _stack(v, rows), 0.0, True, scale=scale
        )
        _unstack(part, rows, out)
        _unstack(part_lse, rows, lse)
    return out, lse


@torch.library.custom_op("pretrain::attention_cpu_backward", mutates_args=(), device_types="cpu")
def _backward(
    grad: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, lse: Tensor, document_offsets: Tensor, scale: float
) -> tuple[Tensor, Tensor, Tensor]:
    grads = q.new_empty(q.shape), k.new_empty(k.shape), v.new_empty(v.shape)
    for rows in _equal_lengths(_bounds(document_offsets, q.shape[0])):
        parts = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward(
            *(_stack(x, rows) for x in (grad, q, k, v, out, lse)), 0.0, True, scale=scale
        )
        for part, whole in zip(parts, grads, strict=True):
            _unstack(part, rows, whole)
    return grads


def _empty_results(q: Tensor) -> tuple[Tensor, Tensor]:
    precision = torch.promote_types(q.dtype, torch.float32)
    return q.new_empty(q.shape), q.new_empty(q.shape[:2], dtype=precision)


@_forward.register_fake
def _(q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    return _empty_results(q)


@_backward.register_fake
def _(
    grad: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, lse: Tensor, document_offsets: Tensor, scale: float
) -> tuple[Tensor, Tensor, Tensor]:
    return q.new_empty(q.shape), k.new_empty(k.shape), v.new_empty(v.shape)


def _keep(ctx: torch.autograd.function.FunctionCtx, inputs: tuple, output: tuple[Tensor, Tensor]) -> None:
    q, k, v, document_offsets, ctx.scale = inputs  # type: ignore[attr-defined]
    ctx.save_for_backward(q, k, v, *output, document_offsets)


def _differentiate(
    ctx: torch.autograd.function.FunctionCtx, grad: Tensor, _: Tensor | None
) -> tuple[Tensor | None, ...]:
    q, k, v, out, lse, document_offsets = ctx.saved_tensors  # type: ignore[attr-defined]
    scale: float = ctx.scale  # type: ignore[attr-defined]
    return *torch.ops.pretrain.attention_cpu_backward(grad, q, k, v, out, lse, document_offsets, scale), None, None


_forward.register_autograd(_differentiate, setup_context=_keep)


def _bounds(document_offsets: Tensor, tokens: int) -> list[int]:
    bounds: list[int] = document_offsets.tolist()
    if len(bounds) < 2 or bounds[0] != 0 or bounds[-1] != tokens:
        raise PretrainError(
            f"document_offsets must run from 0 to the number of tokens, {tokens:,}; "
            f"they are {bounds[:1]} ... {bounds[-1:]}"
        )
    for i, (start, end) in enumerate(itertools.pairwise(bounds)):
        if end < start:
            raise PretrainError(f"document_offsets fall from {start:,} to {end:,} at entry {i + 1}; they may not")
    return bounds


def _equal_lengths(bounds: list[int]) -> list[Tensor | slice]:
    """For each length that occurs: the rows of its documents, (n, length) indices, or a slice where there is one."""
    starts: dict[int, list[int]] = {}
    for start, end in itertools.pairwise(bounds):
        if end > start:
            starts.setdefault(end - start, []).append(start)
    return [
        slice(first[0], first[0] + length)
        if len(first) == 1
        else torch.tensor(first)[:, None] + torch.arange(length)[None, :]
        for length, first in starts.items()
    ]


def _stack(x: Tensor, rows: Tensor | slice) -> Tensor:
    """(T, H, ...) -> (n, H, length, ...)."""
    # torch's kernel takes the last axis for dense without looking.
    x = x if x.stride(-1) == 1 else x.contiguous()
    return (x[rows][None] if isinstance(rows, slice) else x[rows]).transpose(1, 2)


def _unstack(part: Tensor, rows: Tensor | slice, whole: Tensor) -> None:
    """The opposite of `_stack`, into the rows of `whole`."""
    part = part.transpose(1, 2)
    whole[rows] = part[0] if isinstance(rows, slice) else part
