"""Low-rank adapters (Hu et al. 2021, arXiv 2106.09685), by peft: trained in the place of the weights, added to them at the end.

What is trained away stays as it was, and so do embeddings and output head, which may be one tensor. A saved state holds the
adapters alone; what a training leaves is a plain checkpoint, with nothing that vLLM or the next training would have to know.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from recipes.trainings import TrainingSettings, Tuned


def adapted(model: Any, settings: Tuned, head: str | None = None) -> Any:
    """transformers' model with adapters on every linear layer below its head, which alone train, and the module `head`, which trains as
    a whole; the model as it is where `settings.lora_rank` is 0.

    What an adapter adds is zero at first, and `settings.seed` decides where it begins: a training that was cut off before its first
    saved state begins alike.
    """
    if not settings.lora_rank:
        return model
    import torch
    from peft import LoraConfig, get_peft_model

    layers = [name for name, module in model.base_model.named_modules() if isinstance(module, torch.nn.Linear)]
    config = LoraConfig(
        r=settings.lora_rank,
        lora_alpha=settings.lora_alpha,
        target_modules=layers,
        modules_to_save=[head] if head else None,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        return get_peft_model(model, config)


def trained_parameters(shapes: Mapping[str, Sequence[int]], vocabulary: int, settings: TrainingSettings) -> int:
    """Numbers that a training of weights of these shapes changes: all, or those of its adapters."""
    rank = getattr(settings, "lora_rank", 0)
    if not rank:
        return sum(math.prod(shape) for shape in shapes.values())
    return sum(rank * sum(shape) for shape in shapes.values() if len(shape) == 2 and shape[0] != vocabulary)


def core_of(model: Any) -> Any:
    """transformers' own model, with its adapters in it where it has any."""
    return model.get_base_model() if hasattr(model, "get_base_model") else model


def assembled(model: Any, weights: Mapping[str, Tensor]) -> Any:
    """A model like one that is cut among processes, adapters included, whole in the memory of this one: with the `weights`, by name,
    that were gathered. They are not copied.
    """
    import torch
    from torch.distributed.fsdp import FSDPModule

    core = core_of(model)
    kind: Any = next(
        kind for kind in type(core).__mro__ if not issubclass(kind, FSDPModule)
    )  # torch has put one before it
    with torch.device("meta"):
        whole: Any = kind(core.config)
        if core is not model:
            from peft import get_peft_model

            whole = get_peft_model(whole, model.peft_config["default"])
    whole.load_state_dict(weights, assign=True, strict=False)  # a tied head may lie there once
    core_of(whole).tie_weights()
    assert not any(weight.is_meta for weight in whole.parameters())
    return whole


def merged(model: Any) -> Any:
    """transformers' own model with what its adapters add to the weights in them, computed in the weights' own fp32."""
    return model.merge_and_unload() if hasattr(model, "merge_and_unload") else model
