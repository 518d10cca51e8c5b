"""Attention over packed documents on a CPU: exact, with gradients, at a cost that grows with the documents' squares.

Our C++ kernel (`attention.cpp`) where it can be built. Else documents of one length are stacked and go through
torch's own CPU flash kernel in one call. Either reads a key-value head for its whole group of query heads, so none is
expanded. A custom op, so that `torch.compile` sees no graph break.
"""

import ctypes
import itertools
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from pretrain.errors import PretrainError
from pretrain.kernels.cpu import native as cpu_native
from pretrain.kernels.stacked import starts_by_length


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
    bounds = _bounds(document_offsets, q.shape[0])
    native = _native(q)
    if native is not None:
        arguments = _arguments(q, k, v, document_offsets, scale)
        arguments.result, arguments.lse = out.data_ptr(), lse.data_ptr()
        native.forward(ctypes.byref(arguments))
        return out, lse
    for rows in _equal_lengths(bounds):
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
    native = _native(q)
    if native is not None:
        arguments = _arguments(q, k, v, document_offsets, scale, grad)
        arguments.out, arguments.lse = out.data_ptr(), lse.data_ptr()
        arguments.grad_q, arguments.grad_k, arguments.grad_v = (x.data_ptr() for x in grads)
        native.backward(ctypes.byref(arguments))
        return grads
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


class _Arguments(ctypes.Structure):
    """`Arguments` of attention.cpp, field by field."""

    _fields_ = (
        ("document_offsets", ctypes.c_void_p),
        ("n_documents", ctypes.c_int64),
        ("heads", ctypes.c_int),
        ("kv_heads", ctypes.c_int),
        ("head_dim", ctypes.c_int),
        ("scale", ctypes.c_float),
        ("threads", ctypes.c_int),
        *((name, ctypes.c_void_p) for name in ("q", "k", "v", "grad", "out")),
        ("strides", ctypes.c_int64 * 8),
        *((name, ctypes.c_void_p) for name in ("result", "grad_q", "grad_k", "grad_v", "lse")),
    )


class _Native(NamedTuple):
    forward: Callable[..., None]
    backward: Callable[..., None]


def _native(q: Tensor) -> _Native | None:
    """The compiled kernel for q's dtype and head size, if there is one."""
    dtype = {torch.float32: "float32", torch.bfloat16: "bfloat16"}.get(q.dtype)
    library = cpu_native.library() if dtype and q.shape[2] % 32 == 0 else None
    if library is None:
        return None
    return _Native(getattr(library, f"attention_forward_{dtype}"), getattr(library, f"attention_backward_{dtype}"))


def _arguments(
    q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor, scale: float, grad: Tensor | None = None
) -> _Arguments:
    given = {"q": q, "k": k, "v": v} if grad is None else {"q": q, "k": k, "v": v, "grad": grad}
    dense = {name: x if x.stride(-1) == 1 else x.contiguous() for name, x in given.items()}
    document_offsets = document_offsets.contiguous()
    strides = [stride for x in dense.values() for stride in x.stride()[:2]]
    arguments = _Arguments(
        document_offsets=document_offsets.data_ptr(),
        n_documents=document_offsets.shape[0] - 1,
        heads=q.shape[1],
        kv_heads=k.shape[1],
        head_dim=q.shape[2],
        scale=scale,
        threads=torch.get_num_threads(),
        strides=(ctypes.c_int64 * 8)(*strides),
        **{name: x.data_ptr() for name, x in dense.items()},
    )
    arguments.alive = (document_offsets, *dense.values())  # copies must outlive the call
    return arguments


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
    return [
        slice(first[0], first[0] + length)
        if len(first) == 1
        else torch.tensor(first)[:, None] + torch.arange(length)[None, :]
        for length, first in starts_by_length(bounds).items()
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
