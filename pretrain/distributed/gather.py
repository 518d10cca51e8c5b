"""Weights that are sharded over ranks, looked at whole: one block at a time, or one tensor at a time.

    model = gathered(config, weights)          # evaluates like any other; every rank must call it alike
    state = gather(weights, keep=rank == 0)    # whole tensors for a file

No rank ever holds the model, which may be larger than a GPU: a block's weights come before it runs and go after it.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from pretrain.model import ModelConfig, Transformer, blank


def gathered(config: ModelConfig, weights: Mapping[str, Tensor], dtype: torch.dtype = torch.float32) -> Transformer:
    """A model for evaluation in `dtype`, of sharded float32 weights by parameter name. Embedding, last norm and head stay whole.

    Its forward is a collective: every rank of the mesh must run it with the same tokens, as often as the others.
    """
    model = blank(config)
    ends = {
        name: whole(weight.detach()).to(dtype) for name, weight in weights.items() if not name.startswith("blocks.")
    }
    model.load_state_dict(ends, strict=False, assign=True)
    for number, block in enumerate(model.blocks):
        own = f"blocks.{number}."
        shards = {name.removeprefix(own): w.detach() for name, w in weights.items() if name.startswith(own)}
        block.register_forward_pre_hook(partial(_fill, shards, dtype))
        block.register_forward_hook(_drop)
    return model


def gather(weights: Mapping[str, Tensor], keep: bool) -> dict[str, Tensor]:
    """Whole tensors by name, in main memory; nothing on ranks that do not `keep` them."""
    kept = {}
    for name, weight in weights.items():
        full = whole(weight.detach())
        if keep:
            kept[name] = full.cpu()
    return kept


def whole(tensor: Tensor) -> Tensor:
    """A sharded tensor, gathered; any other as it is."""
    return tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor


def _fill(shards: dict[str, Tensor], dtype: torch.dtype, block: nn.Module, args: Any) -> None:
    block.load_state_dict({name: whole(shard).to(dtype) for name, shard in shards.items()}, assign=True)


def _drop(block: nn.Module, args: Any, output: Tensor) -> None:
    block.to("meta")
