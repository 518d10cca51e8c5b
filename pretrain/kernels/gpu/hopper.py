"""Launches the Hopper kernels: operands described for the copy engine, one persistent program per multiprocessor."""

import math

import torch
from torch import Tensor
from triton.experimental.gluon import language as gl
from triton.experimental.gluon.nvidia.hopper import TensorDescriptor

from pretrain.kernels.gpu.launch import launch
from pretrain.kernels.gpu.triton_backward import add_shares_kernel
from pretrain.kernels.gpu.triton_hopper import hopper_forward_kernel
from pretrain.kernels.gpu.triton_hopper_backward import hopper_key_value_kernel, hopper_query_kernel

_LOG2E = math.log2(math.e)
_TILE = 128  # rows of queries, or of keys, that one program owns at a time
_FORWARD_KEYS, _FORWARD_STAGES, _FORWARD_QUERY_STAGES = 128, 2, 2
_QUERY_KEYS, _QUERY_STAGES = 128, 2
_KEY_VALUE_STAGES = 3
_NARROW = gl.NVMMASharedLayout(swizzle_byte_width=128, element_bitwidth=16, rank=2)
_LINE = gl.NVMMASharedLayout(swizzle_byte_width=0, element_bitwidth=32, rank=2)


def forward(q: Tensor, k: Tensor, v: Tensor, out: Tensor, lse: Tensor, bounds: Tensor, scale: float) -> None:
    """Fills out (T, H, D) and lse (H, T)."""
    tokens, heads, head_dim = q.shape
    tiles = -(-tokens // _TILE) * heads
    block = _FORWARD_KEYS
    launch(
        hopper_forward_kernel,
        (_programs(q, tiles),),
        (
            _matrix(q, 64),
            _matrix(k, block),
            _matrix(v, block),
            _matrix(out, 64),
            lse,
            bounds,
            scale * _LOG2E,
            *(x.stride(1) for x in (q, k, v)),
            lse.stride(0),
            tokens,
            heads,
            tiles,
            heads // k.shape[1],
        ),
        warps=4,
        HEAD_DIM=head_dim,
        BLOCK_N=block,
        STAGES=_FORWARD_STAGES,
        Q_STAGES=_FORWARD_QUERY_STAGES,
    )


def backward(
    grad: Tensor,
    q: Tensor,
    k: Tensor,
    v: Tensor,
    dq: Tensor,
    dk: Tensor,
    dv: Tensor,
    lse: Tensor,
    delta: Tensor,
    bounds: Tensor,
    scale: float,
) -> None:
    """Fills dq (T, H, D), dk and dv (T, H_kv, D)."""
    tokens, heads, head_dim = q.shape
    kv_heads = k.shape[1]
    group = heads // kv_heads
    strides = [x.stride(1) for x in (q, k, v, grad)]
    blocks = -(-tokens // _TILE)
    splits = _splits(q, blocks * kv_heads, group)
    # One float32 share of dk and dv for each split; where there is one, the kernel writes the gradients themselves.
    shape = (2, tokens, kv_heads, splits, head_dim) if splits > 1 else (2, 1)
    shares = torch.empty(shape, dtype=torch.float32, device=q.device)
    tiles = blocks * kv_heads * splits
    launch(
        hopper_key_value_kernel,
        (_programs(q, tiles),),
        (
            _matrix(q, 64),
            _matrix(grad, 64),
            _rows(lse, tokens),
            _rows(delta, tokens),
            _matrix(k, 64),
            _matrix(v, 64),
            _matrix(dk, 64),
            _matrix(dv, 64),
            shares[0],
            shares[1],
            bounds,
            scale,
            scale * _LOG2E,
            *strides,
            tokens,
            kv_heads,
            tiles,
            group,
        ),
        warps=4,
        SPLITS=splits,
        HEAD_DIM=head_dim,
        STAGES=_KEY_VALUE_STAGES,
    )
    if splits > 1:
        rows = tokens * kv_heads
        launch(
            add_shares_kernel,
            (-(-rows // 32), 2),
            (shares, dk, dv, rows),
            warps=4,
            SPLITS=splits,
            HEAD_DIM=head_dim,
            BLOCK_R=32,
        )
    tiles = blocks * heads
    block = _QUERY_KEYS
    launch(
        hopper_query_kernel,
        (_programs(q, tiles),),
        (
            _matrix(q, 64),
            _matrix(grad, 64),
            _matrix(k, block),
            _matrix(v, block),
            _matrix(dq, 64),
            lse,
            delta,
            bounds,
            scale,
            scale * _LOG2E,
            *strides,
            lse.stride(0),
            tokens,
            heads,
            tiles,
            group,
        ),
        warps=4,
        HEAD_DIM=head_dim,
        BLOCK_N=block,
        STAGES=_QUERY_STAGES,
    )


def _splits(q: Tensor, tiles: int, group: int) -> int:
    """How many programs share the query heads of one group in the kernel of dk and dv.

    Fewer than three rounds of tiles leave multiprocessors idle behind the longest; then shares in float32 are added.
    """
    splits = 1
    while splits < group and group % (2 * splits) == 0 and tiles * splits < 3 * _multiprocessors(q):
        splits *= 2
    return splits


def _programs(q: Tensor, tiles: int) -> int:
    return min(tiles, _multiprocessors(q))


def _multiprocessors(q: Tensor) -> int:
    return torch.cuda.get_device_properties(q.device).multi_processor_count


def _matrix(x: Tensor, rows: int) -> TensorDescriptor:
    """x (T, heads, D) as a matrix (T, columns) read or written in blocks (rows, D); past its end it reads zeros."""
    tokens, heads, head_dim = x.shape
    row, head, _ = x.stride()
    return _describe(x, [tokens, (heads - 1) * head + head_dim], [row, 1], [rows, head_dim], _NARROW)


def _rows(x: Tensor, tokens: int) -> TensorDescriptor:
    """x (H, T) float32, read in blocks (1, 64)."""
    return _describe(x, [x.shape[0], tokens], [x.stride(0), 1], [1, 64], _LINE)


def _describe(
    base: Tensor, shape: list[int], strides: list[int], block_shape: list[int], layout: gl.NVMMASharedLayout
) -> TensorDescriptor:
    """A descriptor without the constructor's checks: `gpu/attention.py` has made them, and here they cost more than the rest."""
    descriptor = object.__new__(TensorDescriptor)
    descriptor.base = base
    descriptor.shape = shape
    descriptor.strides = strides
    descriptor.block_shape = block_shape
    descriptor.layout = layout
    return descriptor
