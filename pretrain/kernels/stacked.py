"""Attention over packed documents through torch's own kernel: documents of one length are stacked and go through it in one call.

For what our kernels do not take: on a GPU other dtypes and head sizes than theirs. Any device, differentiable.
"""

import itertools
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor


@torch.compiler.disable  # lists of documents: nothing a compiled graph would gain from
def attention(q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor, scale: float) -> Tensor:
    """Shapes as `pretrain.kernels.attention`. Reads the offsets, so it waits for a GPU."""
    # Expanded, since torch's kernel that saves memory in float32 takes no groups of query heads.
    k, v = (x.repeat_interleave(q.shape[1] // k.shape[1], dim=1) for x in (k, v))
    parts, places = [], []
    for length, starts in starts_by_length(document_offsets.tolist()).items():
        rows = (torch.tensor(starts)[:, None] + torch.arange(length)).to(q.device)
        stack_q, stack_k, stack_v = (x[rows].transpose(1, 2) for x in (q, k, v))
        part = F.scaled_dot_product_attention(stack_q, stack_k, stack_v, is_causal=True, scale=scale)
        parts.append(part.transpose(1, 2).flatten(0, 1))
        places.append(rows.flatten())
    return torch.cat(parts)[torch.cat(places).argsort()] if parts else torch.zeros_like(q)


def starts_by_length(bounds: Sequence[int]) -> dict[int, list[int]]:
    """For each length that occurs, where the documents of that length begin; empty ones are left out."""
    starts: dict[int, list[int]] = {}
    for start, end in itertools.pairwise(bounds):
        if end > start:
            starts.setdefault(end - start, []).append(start)
    return starts
