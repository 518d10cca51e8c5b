"""Attention over packed documents: one function; which kernel runs is decided here and nowhere else.

    out = attention(q, k, v, document_offsets)       # training: T tokens, documents one after the other
    out = decode_attention(q, k_cache, v_cache, lengths)   # one new token for each of B sequences

CUDA: our Triton kernel (`gpu/`), and for float32 and odd head sizes torch's (`stacked.py`). CPU: blocks of whole
documents (`cpu/`). Any other device: `reference.py`, which all are tested against. Our kernels never expand key-value
heads in memory.
"""

import torch
from torch import Tensor

from pretrain.errors import PretrainError
from pretrain.kernels import reference, stacked


def attention(q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor, scale: float | None = None) -> Tensor:
    """Causal attention inside each document of a packed batch, and nothing across documents.

    q (T, H, D); k, v (T, H_kv, D); query head h reads key-value head h // (H / H_kv). document_offsets
    (n_documents + 1,) int32 on q's device: 0, ..., T, non-decreasing. scale defaults to D ** -0.5. Returns (T, H, D).
    Differentiable in q, k and v. Raises PretrainError where shapes, dtypes or devices do not fit; the offsets' values
    are the caller's promise, since reading them would wait for the GPU.
    """
    if q.dim() != 3 or k.shape != v.shape or k.shape[0] != q.shape[0] or k.shape[-1] != q.shape[-1]:
        raise PretrainError(
            f"attention takes q (T, H, D) and k, v (T, H_kv, D); got {_shape(q)}, {_shape(k)}, {_shape(v)}"
        )
    if q.shape[1] % k.shape[1]:
        raise PretrainError(f"{q.shape[1]} query heads do not divide among {k.shape[1]} key-value heads")
    if document_offsets.dtype != torch.int32 or document_offsets.dim() != 1 or document_offsets.device != q.device:
        raise PretrainError(
            f"document_offsets must be int32, one axis, on {q.device}; got {document_offsets.dtype} "
            f"{_shape(document_offsets)} on {document_offsets.device}"
        )
    scale = q.shape[-1] ** -0.5 if scale is None else scale
    if q.device.type == "cuda":
        from pretrain.kernels.gpu.attention import attention_triton, takes

        kernel = attention_triton if takes(q) else stacked.attention
        return kernel(q, k, v, document_offsets, scale)
    if q.device.type == "cpu":
        from pretrain.kernels.cpu.attention import attention_cpu

        return attention_cpu(q, k, v, document_offsets, scale)
    return reference.attention(q, k, v, document_offsets, scale)


def decode_attention(
    q: Tensor, k_cache: Tensor, v_cache: Tensor, lengths: Tensor, scale: float | None = None
) -> Tensor:
    """One new token of each sequence against its cache.

    q (B, H, D); k_cache, v_cache (B, L, H_kv, D), of which the first `lengths[b]` entries are filled, the new token's
    own included; lengths (B,) int32. Returns (B, H, D). No gradient.
    """
    scale = q.shape[-1] ** -0.5 if scale is None else scale
    if q.device.type == "cuda":
        from pretrain.kernels.gpu.attention import decode_attention_triton, takes

        if takes(q):
            return decode_attention_triton(q, k_cache, v_cache, lengths, scale)
    return reference.decode_attention(q, k_cache, v_cache, lengths, scale)


def _shape(tensor: Tensor) -> str:
    return str(tuple(tensor.shape))
