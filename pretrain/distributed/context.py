"""Context parallelism: the tokens of one batch among several ranks, attention exact (Llama 3, section 3.3.2).

A batch of T tokens is cut into 2 x ranks chunks of equal length. Rank r holds chunk r and chunk 2 x ranks - 1 - r, so
that in a document as long as the batch every rank has as many pairs of query and key. Queries stay where they are; keys
and values are gathered from all ranks, which grouped queries make small, and only where a chunk's bound cuts a document.

In a chunk only the first document can have begun before the chunk. Its queries attend to the gathered keys of the whole
document up to themselves; the documents after it lie in the chunk from their first token, and go to the usual kernel.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention.bias import causal_lower_right

from pretrain.errors import PretrainError

CPU_QUERIES = 512
"""Queries at a time where a mask has to be made: (CPU_QUERIES, document) bytes."""


@dataclass(frozen=True)
class Chunk:
    """One of a rank's two chunks, as attention sees it."""

    start: int
    """Of the batch's T tokens, the chunk's first."""
    length: int
    document: int
    """Where in the batch the chunk's first document starts: before the chunk, if it was cut."""
    continued: int
    """How many of the chunk's first tokens go on with a document that began before the chunk."""
    document_offsets: Tensor
    """(n + 1,) int32: the documents after those tokens, counted from the first of them."""


@dataclass(frozen=True)
class Layout:
    """How one batch lies on one rank."""

    chunks: tuple[Chunk, Chunk]
    positions: Tensor
    """(T / ranks,) int64: each local token's distance from the start of its document."""
    cut: bool
    """Whether any document lies on more than one chunk, on any rank: then keys and values are gathered."""


def chunk_bounds(tokens: int, rank: int, ranks: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """[start, end) of the rank's two chunks of a batch. Raises PretrainError where the chunks would not be equal."""
    if tokens % (2 * ranks):
        raise PretrainError(
            f"a batch of {tokens:,} tokens does not divide into {2 * ranks} chunks for {ranks} context-parallel ranks; "
            f"make micro_batch_tokens (or batch_tokens) a multiple of {2 * ranks}"
        )
    size = tokens // (2 * ranks)
    early, late = rank * size, (2 * ranks - 1 - rank) * size
    return (early, early + size), (late, late + size)


def local_tokens(values: Tensor, rank: int, ranks: int) -> Tensor:
    """(T, ...) of the whole batch -> (T / ranks, ...), this rank's chunks one after the other."""
    return torch.cat([values[start:end] for start, end in chunk_bounds(values.shape[0], rank, ranks)])


def layout(document_offsets: Tensor, rank: int, ranks: int) -> Layout:
    """The layout of a batch with these (global) offsets on this rank. Reads the offsets, so it waits for a GPU, once."""
    offsets = document_offsets.tolist()
    device = document_offsets.device
    chunks, positions = [], []
    for start, end in chunk_bounds(offsets[-1], rank, ranks):
        # The first document: the last that starts at or before the chunk's first token (empty ones end there too).
        document = max(offset for offset in offsets if offset <= start)
        first_end = min(offset for offset in offsets if offset > start)
        continued = min(first_end, end) - start if document < start else 0
        inside = [start + continued, *(offset for offset in offsets if start + continued < offset < end), end]
        local = torch.tensor([offset - inside[0] for offset in inside], dtype=torch.int32)
        chunks.append(Chunk(start, end - start, document, continued, local.to(device)))
        positions.append(torch.arange(start - document, start - document + continued))
        positions += [torch.arange(b - a) for a, b in pairwise(inside)]
    size = offsets[-1] // (2 * ranks)
    cut = not set(offsets).issuperset(range(0, offsets[-1], size))
    return Layout((chunks[0], chunks[1]), torch.cat(positions).to(device), cut)


class ContextAttention:
    """`Attention.attend` under context parallelism: local queries, gathered keys and values, the batch's own offsets."""

    def __init__(self, attend: Callable[..., Tensor], group: dist.ProcessGroup) -> None:
        self.attend, self.group = attend, group
        self.rank, self.ranks = dist.get_rank(group), dist.get_world_size(group)
        self._known: tuple[Tensor, Layout] | None = None

    def layout(self, document_offsets: Tensor) -> Layout:
        """The batch's layout; computed once a batch, since all layers are called with the same offsets."""
        if self._known is None or self._known[0] is not document_offsets:
            self._known = document_offsets, layout(document_offsets, self.rank, self.ranks)
        return self._known[1]

    @torch.compiler.disable  # lists of documents and collectives: nothing a compiled graph would gain from
    def __call__(self, q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor) -> Tensor:
        """q (T / ranks, H, D), k and v (T / ranks, H_kv, D); document_offsets of the whole batch. (T / ranks, H, D)."""
        where = self.layout(document_offsets)
        everywhere: tuple[Tensor, Tensor] | None = None
        if where.cut:
            k, v, gathered = _Gather.apply(k, v, self.group)
            everywhere = gathered.unbind(1)
        return attend_chunks(self.attend, q, k, v, everywhere, where)


def attend_chunks(
    attend: Callable[..., Tensor],
    q: Tensor,
    k: Tensor,
    v: Tensor,
    everywhere: tuple[Tensor, Tensor] | None,
    where: Layout,
) -> Tensor:
    """Attention of a rank's two chunks: cut documents against `everywhere`, the others by `attend`.

    everywhere: keys and values (T, H_kv, D) as the ranks hold them, one rank after the other.
    """
    outputs, first = [], 0
    for chunk in where.chunks:
        middle, last = first + chunk.continued, first + chunk.length
        if everywhere and middle > first:
            end = chunk.start + chunk.continued
            keys, values = (_document(x, chunk.document, end, chunk.length) for x in everywhere)
            outputs.append(attend_continued(q[first:middle], keys, values))
        if last > middle:
            part = slice(middle, last)
            outputs.append(attend(q[part], k[part], v[part], chunk.document_offsets))
        first = last
    return torch.cat(outputs)


def _document(gathered: Tensor, start: int, end: int, size: int) -> Tensor:
    """Tokens [start, end) of the batch, in order, out of what the ranks hold: two chunks of `size` each."""
    chunks = gathered.shape[0] // size
    parts = []
    for chunk in range(start // size, -(-end // size)):
        held = 2 * chunk if chunk < chunks // 2 else 2 * (chunks - 1 - chunk) + 1
        low, high = max(start - chunk * size, 0), min(end - chunk * size, size)
        parts.append(gathered[held * size + low : held * size + high])
    return torch.cat(parts)


def attend_continued(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """The last queries (n, H, D) of a document against all its keys (m, H_kv, D) up to each: m > n. (n, H, D)."""
    if q.device.type == "cuda":
        # FlashAttention aligns a causal mask to the lower right corner itself.
        return _masked(q, k, v, causal_lower_right(q.shape[0], k.shape[0]))
    before = k.shape[0] - q.shape[0]
    outputs = []
    for start in range(0, q.shape[0], CPU_QUERIES):
        part = q[start : start + CPU_QUERIES]
        seen = before + start + part.shape[0]
        mask = torch.ones(part.shape[0], seen, dtype=torch.bool, device=q.device).tril(before + start)
        outputs.append(_masked(part, k[:seen], v[:seen], mask))
    return torch.cat(outputs)


def _masked(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    q, k, v = (x.transpose(0, 1)[None] for x in (q, k, v))
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, enable_gqa=True)
    return out[0].transpose(0, 1)


class _Gather(torch.autograd.Function):
    """k, v (n, H_kv, D) -> k, v and (ranks x n, 2, H_kv, D) of all ranks; backward sums the ranks' gradients.

    k and v pass through, so that every rank's backward comes here and the ranks' collectives meet, also on a rank
    that none of the gathered keys concern.
    """

    @staticmethod
    def forward(ctx: Any, k: Tensor, v: Tensor, group: dist.ProcessGroup) -> tuple[Tensor, ...]:
        ctx.group = group
        mine = torch.stack((k, v), dim=1)
        gathered = mine.new_empty(dist.get_world_size(group) * mine.shape[0], *mine.shape[1:])
        dist.all_gather_into_tensor(gathered, mine, group=group)
        return k.view_as(k), v.view_as(v), gathered

    @staticmethod
    def backward(ctx: Any, grad_k: Tensor, grad_v: Tensor, grad_gathered: Tensor) -> tuple[Tensor | None, ...]:
        mine = grad_gathered.new_empty(
            grad_gathered.shape[0] // dist.get_world_size(ctx.group), *grad_gathered.shape[1:]
        )
        dist.reduce_scatter_tensor(mine, grad_gathered.contiguous(), group=ctx.group)
        return grad_k + mine[:, 0], grad_v + mine[:, 1], None
