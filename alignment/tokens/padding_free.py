"""A batch's rows one after another in one sequence, without padding, each attending to itself alone.

Between a fifth and a third of a padded batch is padding that is computed like any token. Two answers to one prompt
(a preference pair) besides share the prompt: the tokens that a row has in common with an earlier one are computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

ATTENTION = "rows_apart"
"""The name under which transformers finds `_attend`."""


@dataclass(frozen=True)
class Packed:
    """Rows as one sequence. Row r begins with the first `shared[r]` tokens of row `donor[r]`, which lie there only."""

    input_ids: Tensor
    """(1, tokens)."""
    position_ids: Tensor
    """(1, tokens): each token's place in its own row."""
    lengths: tuple[int, ...]
    """Tokens of each row that lie in the sequence, in order; at least one."""
    donor: tuple[int, ...]
    shared: tuple[int, ...]
    """0 where a row shares nothing."""
    places: Tensor
    """(rows, longest row): where the token of a row lies in the sequence; 0 beyond its end."""


def pack(input_ids: Tensor, attention_mask: Tensor, donor: Sequence[int] | None = None) -> Packed:
    """Rows padded on the right, shape (rows, length), without their padding. Row r answers the same prompt as row
    `donor[r]`; a row that is its own donor, as all are unless told, shares nothing, and only such rows give.
    """
    import torch

    rows = input_ids.shape[0]
    longs = attention_mask.sum(dim=1).tolist()
    donor = tuple(range(rows) if donor is None else donor)
    shared = tuple(
        0 if of == row else _in_common(input_ids[of], input_ids[row], min(longs[of], longs[row] - 1))
        for row, of in enumerate(donor)
    )
    lengths = tuple(long - own for long, own in zip(longs, shared, strict=True))
    starts = [0]
    for length in lengths[:-1]:
        starts.append(starts[-1] + length)
    places = torch.zeros_like(input_ids)
    for row, (long, own) in enumerate(zip(longs, shared, strict=True)):
        places[row, :own] = starts[donor[row]] + torch.arange(own)
        places[row, own:long] = starts[row] + torch.arange(long - own)
    spans = [(row, slice(own, long)) for row, (own, long) in enumerate(zip(shared, longs, strict=True))]
    flat = torch.cat([input_ids[row, span] for row, span in spans])
    positions = torch.cat([torch.arange(span.start, span.stop) for _, span in spans])
    return Packed(flat[None], positions[None], lengths, donor, shared, places)


def hidden_states(core: Any, packed: Packed) -> Tensor:
    """The last hidden state of each token, shape (tokens, width), of a causal language model on a CPU."""
    if core.config._attn_implementation != ATTENTION:
        from transformers import AttentionInterface

        # No mask function goes with it, so none is made: transformers then leaves attention to the function.
        AttentionInterface.register(ATTENTION, _attend)
        core.set_attn_implementation(ATTENTION)
    output = core.base_model(
        input_ids=packed.input_ids, position_ids=packed.position_ids, use_cache=False, packed=packed
    )
    states: Tensor = output.last_hidden_state[0]
    return states


def attend_as_usual(core: Any) -> None:
    """So that the model can generate, with a cache and nothing packed; the next `hidden_states` packs again."""
    if core.config._attn_implementation == ATTENTION:
        core.set_attn_implementation("sdpa")


def _attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: None,
    *,
    packed: Packed,
    scaling: float | None = None,
    dropout: float = 0.0,
    **_: Any,
) -> tuple[Tensor, None]:
    """Causal attention of each row to itself; query, key and value have the shape (1, heads, tokens, head width)."""
    import torch

    attend = torch.nn.functional.scaled_dot_product_attention
    # In fp32 the CPU's kernel is twice as fast on rows of a hundred tokens as in bf16, and as fast on long ones.
    parts = [tensor.float().split(packed.lengths, dim=2) for tensor in (query, key, value)]
    found = []
    for row, (donor, shared) in enumerate(zip(packed.donor, packed.shared, strict=True)):
        q, k, v = (_row(part, row, donor, shared) for part in parts)
        # The shared tokens ask once more, so that the kernel's own causal form fits; what they get is cut off.
        out = attend(q, k, v, is_causal=True, scale=scaling, dropout_p=dropout, enable_gqa=q.shape[1] != k.shape[1])
        found.append(out[:, :, shared:])
    return torch.cat(found, dim=2).to(query.dtype).transpose(1, 2), None


def _row(parts: Sequence[Tensor], row: int, donor: int, shared: int) -> Tensor:
    import torch

    return torch.cat([parts[donor][:, :, :shared], parts[row]], dim=2) if shared else parts[row]


def _in_common(one: Tensor, other: Tensor, most: int) -> int:
    """How many tokens two rows begin with alike, at most `most`."""
    differing = (one[:most] != other[:most]).nonzero()
    return int(differing[0]) if len(differing) else most
