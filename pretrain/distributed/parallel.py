"""Many processes, one training: FSDP2, tensor parallel and context parallel, put around a model that knows of none.

    mesh = setup(data=0, tensor=2, context=2)              # under torchrun; None in a process that stands alone
    objective = parallelize(objective, mesh, torch.bfloat16)
    loss = objective(*local_batch(batch, mesh)...)         # gradients: sums over all data and context ranks
    norm = clip_gradients(objective.parameters(), 1.0)     # of the whole model, on every rank

Ranks are numbered data-major: rank = (data_rank * context + context_rank) * tensor + tensor_rank, so that tensor
ranks, which talk most, are neighbours (Llama 3, section 3.3.2). Parameters are sharded over data and context ranks
together. Context parallelism gathers keys and values, as Llama 3 did: with grouped queries they are small.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.fsdp import FSDPModule, MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import DTensor, Replicate
from torch.distributed.tensor.parallel import (
    ColwiseParallel,
    ParallelStyle,
    PrepareModuleInput,
    RowwiseParallel,
    parallelize_module,
)

from pretrain.distributed.context import ContextAttention, local_tokens
from pretrain.distributed.mesh import Mesh
from pretrain.distributed.vocabulary_loss import IGNORE, VocabularyParallelCrossEntropy
from pretrain.errors import PretrainError
from pretrain.model import Attention, ModelConfig, Transformer
from pretrain.objective import Objective

if TYPE_CHECKING:
    from pretrain.data.packing import PackedBatch


def parallelize(
    objective: Objective, mesh: Mesh, dtype: torch.dtype, weights: Iterator[tuple[str, Tensor]] | None = None
) -> Objective:
    """Split the objective's model over the mesh, in place; the same object returns.

    Every rank must hold the same weights beforehand, or the model is on the meta device: then `weights` gives its whole
    tensors in the order of its parameters, and no more than one block of them is there at a time. Without `weights`
    the values are undefined until a state is loaded. Parameters become float32 DTensors, sharded; a block's are
    gathered, in `dtype`, only while it runs. Gradients are sums over data and context ranks, in float32: whoever
    divides the loss by all ranks' target tokens gets the gradient of the mean. Raises PretrainError where heads, the
    SwiGLU's width or the vocabulary do not divide among the tensor ranks.
    """
    model = objective.model
    if mesh.tensor_size > 1:
        check_tensor(model.config, mesh.tensor_size)
        objective.cross_entropy = VocabularyParallelCrossEntropy(mesh.parameters.get_group("tensor"))
    if mesh.context_size > 1:
        split_context(model, mesh)
    policy = MixedPrecisionPolicy(
        param_dtype=None if dtype == torch.float32 else dtype, reduce_dtype=torch.float32, output_dtype=torch.float32
    )
    # Blocks one by one, so that one block's whole weights live at a time; the root takes the rest, the head among it,
    # since the loss reads the head's weight outside the head's own forward.
    _materialise(model.embedding, "embedding", mesh.device, weights)
    for number, block in enumerate(model.blocks):
        _materialise(block, f"blocks.{number}", mesh.device, weights)
        if mesh.tensor_size > 1:
            split_block(block, mesh.parameters["tensor"])
        fully_shard(block, mesh=mesh.parameters["shard"], mp_policy=replace(policy, output_dtype=None))
    _materialise(model.norm, "norm", mesh.device, weights)
    if not model.config.tie_word_embeddings:
        _materialise(model.head, "head", mesh.device, weights)
    if mesh.tensor_size > 1:
        split_ends(model, mesh.parameters["tensor"])
    fully_shard(objective, mesh=mesh.parameters["shard"], mp_policy=policy)
    for module in objective.modules():
        if isinstance(module, FSDPModule):
            module.set_gradient_divide_factor(1.0)
            module.set_force_sum_reduction_for_comms(True)  # gloo has no pre-multiplied sum
    return objective


@torch.no_grad()
def _materialise(
    module: nn.Module, name: str, device: torch.device, weights: Iterator[tuple[str, Tensor]] | None
) -> None:
    """Memory for a module that was made on the meta device, and its values where there are any."""
    if not next(module.parameters()).is_meta:
        return
    module.to_empty(device=device)
    if weights is None:
        return
    for own, parameter in module.named_parameters():
        given, weight = next(weights)
        assert given == f"{name}.{own}", f"{given} came where {name}.{own} was due"
        parameter.copy_(weight)


def check_tensor(config: ModelConfig, tensor: int) -> None:
    """Refuse a shape that does not split into equal parts."""
    for name in ("num_attention_heads", "num_key_value_heads", "intermediate_size", "vocab_size"):
        if getattr(config, name) % tensor:
            raise PretrainError(
                f"{name} = {getattr(config, name)} does not divide among {tensor} tensor-parallel ranks; "
                f"choose parallel.tensor so that it divides {name}"
            )


def split_block(block: nn.Module, tensor_mesh: DeviceMesh) -> None:
    """Megatron's split: into a block by output rows, out of it by input columns, one sum after each half.

    Residual stream and norms are whole on every tensor rank. The rows of `attention.qkv` come in whole key-value
    groups, so a rank attends with its own heads.
    """
    plan: dict[str, ParallelStyle] = {
        "attention.qkv": ColwiseParallel(),
        "attention.out": RowwiseParallel(),
        # gate and up read one DTensor, so that their gradients are added before the one sum over ranks.
        "feed_forward": PrepareModuleInput(input_layouts=(Replicate(),), desired_input_layouts=(Replicate(),)),
        "feed_forward.gate": ColwiseParallel(),
        "feed_forward.up": ColwiseParallel(),
        "feed_forward.down": RowwiseParallel(),
    }
    parallelize_module(block, tensor_mesh, plan)


def split_ends(model: Transformer, tensor_mesh: DeviceMesh) -> None:
    """Embedding and head are split by vocabulary entry, tied or not."""
    ends: dict[str, ParallelStyle] = {"embedding": RowwiseParallel(input_layouts=Replicate())}
    if not model.config.tie_word_embeddings:
        ends["head"] = ColwiseParallel()
    parallelize_module(model, tensor_mesh, ends)
    # The sum over ranks comes back unfinished, as a tensor that waits in its first use. Where that use is a compiled
    # block, the gradient ends there and the embedding's is silently 0 (torch 2.13); a copy is a use.
    model.embedding.register_forward_hook(lambda module, args, output: output.clone())


def split_context(model: Transformer, mesh: Mesh) -> None:
    """Give every layer the attention that knows the batch is cut, and the model its tokens' true positions."""
    layers = [module for module in model.modules() if isinstance(module, Attention)]
    attend = ContextAttention(layers[0].attend, mesh.context_group)
    for layer in layers:
        layer.attend = attend

    def add_positions(module: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        tokens, document_offsets = args
        positions = attend.layout(document_offsets).positions
        if tokens.shape != positions.shape:
            raise PretrainError(
                f"{tokens.shape[0]:,} tokens came to a rank that holds {positions.shape[0]:,} of the batch; "
                "cut the batch with local_batch first"
            )
        return (tokens, document_offsets, positions), kwargs

    model.register_forward_pre_hook(add_positions, with_kwargs=True)


def local_batch(batch: "PackedBatch", mesh: Mesh) -> "PackedBatch":
    """This rank's tokens and targets of a batch that its context ranks share; the document offsets stay the batch's.

    The batch itself where nothing is split. Raises PretrainError where the tokens do not divide.
    """
    if mesh.context_size == 1:
        return batch
    tokens, targets = (local_tokens(x, mesh.context_rank, mesh.context_size) for x in (batch.tokens, batch.targets))
    return replace(batch, tokens=tokens, targets=targets, n_targets=int((targets != IGNORE).sum()))


def clip_gradients(parameters: Iterable[nn.Parameter], max_norm: float) -> float:
    """Scale all gradients by one factor so that their norm is at most `max_norm`; return the norm before.

    The norm is the whole model's, on every rank. torch's own function refuses gradients that lie on different meshes,
    as norms and tensor-parallel matrices do.
    """
    by_mesh: dict[DeviceMesh | None, list[nn.Parameter]] = defaultdict(list)
    for parameter in parameters:
        if parameter.grad is not None:
            by_mesh[getattr(parameter.grad, "device_mesh", None)].append(parameter)
    norms = []
    for group in by_mesh.values():
        norm = nn.utils.get_total_norm([parameter.grad for parameter in group if parameter.grad is not None])
        norms.append(norm.full_tensor() if isinstance(norm, DTensor) else norm)
    total = torch.linalg.vector_norm(torch.stack(norms))
    for group in by_mesh.values():
        nn.utils.clip_grads_with_norm_(group, max_norm, total)
    return float(total)
