"""Attention over packed documents on a CUDA device, by our Triton kernels: shapes checked, operands described, launched.

    out = attention_triton(q, k, v, document_offsets)                    # differentiable
    out = decode_attention_triton(q, k_cache, v_cache, lengths)          # one new token per sequence

Under `torch.compile` the calls are custom operators, so that a model compiles without a graph break; otherwise a plain
autograd function saves their overhead. Nothing here reads a tensor's value, so nothing waits for the device. With
TRITON_INTERPRET=1 in the environment before the first import the same code runs on CPU tensors (the tests do).
"""

import math
from typing import Any, NamedTuple

import torch
from torch import Tensor
from triton.tools.tensor_descriptor import TensorDescriptor

from pretrain.errors import PretrainError
from pretrain.kernels.gpu.launch import launch
from pretrain.kernels.gpu.triton_backward import delta_kernel, key_value_kernel, query_kernel
from pretrain.kernels.gpu.triton_decode import decode_kernel, join_kernel
from pretrain.kernels.gpu.triton_forward import bounds_kernel, forward_kernel

DTYPES = (torch.bfloat16, torch.float16)
HEAD_DIMS = (64, 96, 128, 256)
TILE = 128  # tokens of a tile, whose order `bounds_kernel` gives
_LOG2E = math.log2(math.e)


class Blocks(NamedTuple):
    """How one kernel is cut: rows of queries and of keys per step, software pipeline depth, warps."""

    queries: int
    keys: int
    stages: int
    warps: int


class Tuning(NamedTuple):
    forward: Blocks
    key_value: Blocks
    """The kernel of dk and dv: its programs own `keys` rows."""
    query: Blocks
    """The kernel of dq."""


_TUNING = {
    64: Tuning(Blocks(128, 128, 2, 8), Blocks(64, 128, 2, 8), Blocks(128, 64, 2, 8)),
    128: Tuning(Blocks(128, 128, 2, 8), Blocks(64, 128, 2, 8), Blocks(128, 64, 2, 8)),
    256: Tuning(Blocks(128, 64, 2, 8), Blocks(32, 64, 2, 8), Blocks(64, 32, 2, 8)),
}
"""By head size rounded up to a power of two; for the multiprocessors of A100, H100 and B200."""
_SMALL_TUNING = {
    64: Tuning(Blocks(64, 64, 2, 4), Blocks(64, 64, 2, 4), Blocks(64, 64, 2, 4)),
    128: Tuning(Blocks(64, 64, 2, 4), Blocks(32, 64, 2, 4), Blocks(64, 32, 2, 4)),
    256: Tuning(Blocks(64, 32, 1, 4), Blocks(16, 32, 1, 4), Blocks(32, 16, 1, 4)),
}
"""For devices with about 100 KB of shared memory a multiprocessor: chosen to fit, not measured."""


def attention_triton(q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor, scale: float | None = None) -> Tensor:
    """Causal attention inside each document: shapes as `pretrain.kernels.attention`.

    bfloat16 or float16, head size 64, 96, 128 or 256, any length. Returns (T, H, D), contiguous. Raises PretrainError
    for another dtype or head size.
    """
    _check(q)
    scale = q.shape[-1] ** -0.5 if scale is None else float(scale)
    if torch.compiler.is_compiling():
        bounds = _bounds_op(document_offsets, q.shape[0])
        return _forward_op(q, k, v, bounds, scale)[0]
    if torch.is_grad_enabled() and (q.requires_grad or k.requires_grad or v.requires_grad):
        return _Attention.apply(q, k, v, document_offsets, scale)
    return _forward(q, k, v, _bounds(document_offsets, q.shape[0]), scale)[0]


def decode_attention_triton(
    q: Tensor, k_cache: Tensor, v_cache: Tensor, lengths: Tensor, scale: float | None = None
) -> Tensor:
    """One new token of each sequence against its cache: shapes as `pretrain.kernels.decode_attention`. No gradient."""
    _check(q)
    return _decode_op(q, k_cache, v_cache, lengths, q.shape[-1] ** -0.5 if scale is None else float(scale))


def takes(q: Tensor) -> bool:
    """Whether there is a kernel for q's dtype and head size."""
    return q.dtype in DTYPES and q.shape[-1] in HEAD_DIMS


def _check(q: Tensor) -> None:
    if q.dtype not in DTYPES:
        raise PretrainError(f"attention on a CUDA device takes bfloat16 or float16, not {q.dtype}; cast q, k and v")
    if q.shape[-1] not in HEAD_DIMS:
        raise PretrainError(f"attention on a CUDA device knows head sizes {HEAD_DIMS}, not {q.shape[-1]}")


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor, scale: float) -> Tensor:
        bounds = _bounds(document_offsets, q.shape[0])
        out, lse = _forward(q, k, v, bounds, scale)
        ctx.save_for_backward(q, k, v, out, lse, bounds)
        ctx.scale = scale
        return out

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, out, lse, bounds = ctx.saved_tensors
        return (*_backward(grad, q, k, v, out, lse, bounds, ctx.scale), None, None)


def _bounds(document_offsets: Tensor, n_tokens: int) -> Tensor:
    """int32: each token's document's start, then its end, then the orders in which to compute tiles (`bounds_kernel`)."""
    tiles = _cdiv(n_tokens, TILE)
    bounds = torch.empty(_bounds_size(n_tokens), dtype=torch.int32, device=document_offsets.device)
    if n_tokens:
        block = 256
        launch(
            bounds_kernel,
            (_cdiv(n_tokens, block),),
            (document_offsets.contiguous(), bounds, n_tokens, document_offsets.shape[0] - 1, tiles),
            warps=4,
            BLOCK=block,
            TILE=TILE,
            BLOCK_T=max(16, _power_of_two(tiles)),
        )
    return bounds


def _bounds_size(n_tokens: int) -> int:
    return 2 * n_tokens + 2 * _cdiv(n_tokens, TILE)


def _forward(q: Tensor, k: Tensor, v: Tensor, bounds: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    """The output (T, H, D) and its rows' base-2 log-sum-exp (H, T and up to three unused columns)."""
    tokens, heads, head_dim = q.shape
    out = torch.empty((tokens, heads, head_dim), dtype=q.dtype, device=q.device)
    lse = torch.empty((heads, _aligned(tokens)), dtype=torch.float32, device=q.device)
    if not tokens:
        return out, lse
    q, k, v = map(_describable, (q, k, v))
    if _on_hopper(q):
        from pretrain.kernels.gpu.hopper import forward

        forward(q, k, v, out, lse, bounds, scale)
        return out, lse
    width = _power_of_two(head_dim)
    blocks = _tuning(q.device, width).forward
    launch(
        forward_kernel,
        (_cdiv(tokens, blocks.queries) * heads,),
        (
            _descriptor(q, blocks.queries, width),
            _descriptor(k, blocks.keys, width),
            _descriptor(v, blocks.keys, width),
            out,
            lse,
            bounds,
            scale * _LOG2E,
            *(x.stride(1) for x in (q, k, v)),
            lse.stride(0),
            tokens,
            heads,
            heads // k.shape[1],
        ),
        warps=blocks.warps,
        HEAD_DIM=head_dim,
        BLOCK_D=width,
        BLOCK_M=blocks.queries,
        BLOCK_N=blocks.keys,
        STAGES=blocks.stages,
    )
    return out, lse


def _backward(
    grad: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, lse: Tensor, bounds: Tensor, scale: float
) -> tuple[Tensor, Tensor, Tensor]:
    """dq (T, H, D), dk and dv (T, H_kv, D), all contiguous."""
    tokens, heads, head_dim = q.shape
    kv_heads = k.shape[1]
    dq, dk, dv = (torch.empty(x.shape, dtype=x.dtype, device=x.device) for x in (q, k, v))
    if not tokens:
        return dq, dk, dv
    q, k, v, grad = map(_describable, (q, k, v, grad))
    width = _power_of_two(head_dim)
    tuning = _tuning(q.device, width)
    delta = torch.empty_like(lse)
    launch(
        delta_kernel,
        (_cdiv(tokens, 64), heads),
        (out, grad, delta, *grad.stride()[:2], lse.stride(0), tokens, heads),
        warps=4,
        HEAD_DIM=head_dim,
        BLOCK_D=width,
        BLOCK_M=64,
    )
    if _on_hopper(q):
        from pretrain.kernels.gpu.hopper import backward

        backward(grad, q, k, v, dq, dk, dv, lse, delta, bounds, scale)
        return dq, dk, dv
    for kernel, gradients, blocks, programs, n_heads in (
        (key_value_kernel, (dk, dv), tuning.key_value, _cdiv(tokens, tuning.key_value.keys) * kv_heads, kv_heads),
        (query_kernel, (dq,), tuning.query, _cdiv(tokens, tuning.query.queries) * heads, heads),
    ):
        launch(
            kernel,
            (programs,),
            (
                _descriptor(q, blocks.queries, width),
                _descriptor(k, blocks.keys, width),
                _descriptor(v, blocks.keys, width),
                _descriptor(grad, blocks.queries, width),
                *gradients,
                lse,
                delta,
                bounds,
                scale,
                scale * _LOG2E,
                *(x.stride(1) for x in (q, k, v, grad)),
                lse.stride(0),
                tokens,
                n_heads,
                heads // kv_heads,
            ),
            warps=blocks.warps,
            HEAD_DIM=head_dim,
            BLOCK_D=width,
            BLOCK_M=blocks.queries,
            BLOCK_N=blocks.keys,
            STAGES=blocks.stages,
        )
    return dq, dk, dv


def _decode(q: Tensor, k_cache: Tensor, v_cache: Tensor, lengths: Tensor, scale: float) -> Tensor:
    sequences, heads, head_dim = q.shape
    capacity, kv_heads = k_cache.shape[1:3]
    out = torch.empty((sequences, heads, head_dim), dtype=q.dtype, device=q.device)
    if not sequences:
        return out
    k_cache, v_cache = (x if x.stride(-1) == 1 else x.contiguous() for x in (k_cache, v_cache))
    width, block = _power_of_two(head_dim), 64
    group = heads // kv_heads
    # Enough programs to fill the device several times over, but no share of the cache shorter than four blocks.
    splits = max(1, min(_cdiv(4 * _multiprocessors(q.device), sequences * kv_heads), capacity // (4 * block), 128))
    part = torch.empty((splits, sequences, heads, head_dim), dtype=torch.float32, device=q.device)
    part_lse = torch.empty((splits, sequences, heads), dtype=torch.float32, device=q.device)
    launch(
        decode_kernel,
        (sequences * kv_heads, splits),
        (
            q.contiguous(),
            k_cache,
            v_cache,
            lengths,
            part,
            part_lse,
            scale * _LOG2E,
            *k_cache.stride()[:3],
            *v_cache.stride()[:3],
            sequences,
            kv_heads,
        ),
        warps=4,
        GROUP=group,
        BLOCK_G=max(16, _power_of_two(group)),
        HEAD_DIM=head_dim,
        BLOCK_D=width,
        BLOCK_N=block,
        STAGES=3 if width <= 128 else 2,
    )
    launch(
        join_kernel,
        (sequences * heads,),
        (part, part_lse, out, sequences * heads),
        warps=4,
        SPLITS=splits,
        BLOCK_S=_power_of_two(splits),
        HEAD_DIM=head_dim,
        BLOCK_D=width,
    )
    return out


def _describable(x: Tensor) -> Tensor:
    """x as it is where the copy engine can read it (last axis dense, everything 16-byte aligned), else a copy."""
    aligned = x.stride(2) == 1 and x.data_ptr() % 16 == 0 and all(step % 8 == 0 and step > 0 for step in x.stride()[:2])
    return x if aligned else x.contiguous()


def _descriptor(x: Tensor, rows: int, width: int) -> TensorDescriptor:
    """x (T, heads, D) as a matrix (T, columns) read in blocks (rows, width); past its end it reads zeros."""
    columns = (x.shape[1] - 1) * x.stride(1) + x.shape[2]
    return TensorDescriptor(x, [x.shape[0], columns], [x.stride(0), 1], [rows, width])


def _cdiv(a: int, b: int) -> int:
    return -(-a // b)


def _power_of_two(n: int) -> int:
    """The smallest power of two not below n. (Triton's own costs microseconds on the host.)"""
    return 1 << (n - 1).bit_length()


def _aligned(tokens: int) -> int:
    """T rounded up, so that every row of an (H, T) float32 tensor begins where the copy engine can read."""
    return _cdiv(tokens, 4) * 4


def _on_hopper(q: Tensor) -> bool:
    """Whether the kernels written for this device apply; elsewhere, and for odd head sizes, the portable ones do."""
    return q.is_cuda and q.shape[-1] in (64, 128) and torch.cuda.get_device_capability(q.device)[0] == 9


def _tuning(device: torch.device, width: int) -> Tuning:
    if device.type == "cuda" and torch.cuda.get_device_properties(device).shared_memory_per_multiprocessor < 160 * 1024:
        return _SMALL_TUNING[width]
    return _TUNING[width]


def _multiprocessors(device: torch.device) -> int:
    return torch.cuda.get_device_properties(device).multi_processor_count if device.type == "cuda" else 4


@torch.library.custom_op("pretrain::document_bounds", mutates_args=())
def _bounds_op(document_offsets: Tensor, n_tokens: int) -> Tensor:
    return _bounds(document_offsets, n_tokens)


@_bounds_op.register_fake
def _(document_offsets: Tensor, n_tokens: int) -> Tensor:
    return document_offsets.new_empty(_bounds_size(n_tokens))


@torch.library.custom_op("pretrain::attention_forward", mutates_args=())
def _forward_op(q: Tensor, k: Tensor, v: Tensor, bounds: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    return _forward(q, k, v, bounds, scale)


@_forward_op.register_fake
def _(q: Tensor, k: Tensor, v: Tensor, bounds: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    return q.new_empty(q.shape), q.new_empty((q.shape[1], _aligned(q.shape[0])), dtype=torch.float32)


@torch.library.custom_op("pretrain::attention_backward", mutates_args=())
def _backward_op(
    grad: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, lse: Tensor, bounds: Tensor, scale: float
) -> tuple[Tensor, Tensor, Tensor]:
    return _backward(grad, q, k, v, out, lse, bounds, scale)


@_backward_op.register_fake
def _(
    grad: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, lse: Tensor, bounds: Tensor, scale: float
) -> tuple[Tensor, Tensor, Tensor]:
    return q.new_empty(q.shape), k.new_empty(k.shape), v.new_empty(v.shape)


def _save(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, Tensor]) -> None:
    q, k, v, bounds, ctx.scale = inputs
    ctx.save_for_backward(q, k, v, *output, bounds)


def _differentiate(ctx: Any, grad: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
    return (*_backward_op(grad, *ctx.saved_tensors, ctx.scale), None, None)


_forward_op.register_autograd(_differentiate, setup_context=_save)


@torch.library.custom_op("pretrain::decode_attention", mutates_args=())
def _decode_op(q: Tensor, k_cache: Tensor, v_cache: Tensor, lengths: Tensor, scale: float) -> Tensor:
    return _decode(q, k_cache, v_cache, lengths, scale)


@_decode_op.register_fake
def _(q: Tensor, k_cache: Tensor, v_cache: Tensor, lengths: Tensor, scale: float) -> Tensor:
    return q.new_empty(q.shape)
