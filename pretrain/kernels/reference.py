"""What attention over packed documents means, in plain torch. Quadratic in T: for tests and odd devices, not for training."""

import torch
from torch import Tensor


def attention(q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor, scale: float) -> Tensor:
    """Shapes as `pretrain.kernels.attention`. Softmax in float32, or in float64 where q is."""
    tokens, heads, head_dim = q.shape
    precision = torch.promote_types(q.dtype, torch.float32)
    grouped = q.reshape(tokens, k.shape[1], -1, head_dim).to(precision)
    scores = torch.einsum("tkgd,skd->kgts", grouped, k.to(precision)) * scale
    position = torch.arange(tokens, device=q.device)
    # A token's document is the number of documents that end at or before it; an empty one counts twice and harms nothing.
    document = torch.searchsorted(document_offsets[1:].contiguous(), position.int(), right=True)
    allowed = (document[:, None] == document) & (position[:, None] >= position)
    weights = scores.masked_fill(~allowed, float("-inf")).softmax(dim=-1)
    return torch.einsum("kgts,skd->tkgd", weights, v.to(precision)).reshape(tokens, heads, head_dim).to(q.dtype)


def decode_attention(q: Tensor, k_cache: Tensor, v_cache: Tensor, lengths: Tensor, scale: float) -> Tensor:
    """Shapes as `pretrain.kernels.decode_attention`."""
    batch, heads, head_dim = q.shape
    precision = torch.promote_types(q.dtype, torch.float32)
    grouped = q.reshape(batch, k_cache.shape[2], -1, head_dim).to(precision)
    scores = torch.einsum("bkgd,bskd->bkgs", grouped, k_cache.to(precision)) * scale
    empty = torch.arange(k_cache.shape[1], device=q.device) >= lengths[:, None]
    weights = scores.masked_fill(empty[:, None, None], float("-inf")).softmax(dim=-1)
    return torch.einsum("bkgs,bskd->bkgd", weights, v_cache.to(precision)).reshape(batch, heads, head_dim).to(q.dtype)
