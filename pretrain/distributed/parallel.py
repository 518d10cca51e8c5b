"""Many processes, one training: FSDP2, tensor parallel and context parallel, put around a model that knows of none.

    mesh = setup(data=0, tensor=2, context=2)              # under torchrun; None in a process that stands alone
    objective = parallelize(objective, mesh, torch.bfloat16)
    loss = objective(*local_batch(batch, mesh)...)         # gradients: sums over all data and context ranks
    norm = clip_gradients(objective.parameters(), 1.0)     # of the whole model, on every rank

Ranks are numbered data-major: rank = (data_rank * context + context_rank) * tensor + tensor_rank, so that tensor
ranks, which talk most, are neighbours (Llama 3, section 3.3.2). Parameters are sharded over data and context ranks
together. Context parallelism gathers keys and values, as Llama 3 did: with grouped queries they are small.
"""

import logging
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh
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
from pretrain.errors import PretrainError
from pretrain.kernels.loss import check_targets
from pretrain.model import Attention, ModelConfig, Transformer

if TYPE_CHECKING:
    from pretrain.data.packing import PackedBatch
    from pretrain.training.trainer import Objective


PATIENCE = timedelta(hours=2)
"""How long ranks wait for one another: rank 0 tokenises while the others wait. torchrun ends all when one fails."""
CHUNK_TOKENS = 1024
"""Tokens whose logits live at once in the vocabulary-parallel loss."""
IGNORE = -100
"""The target of a token that has none."""


@dataclass(frozen=True)
class Mesh:
    """This process's place among all of them."""

    rank: int
    world_size: int
    device: torch.device
    data_rank: int
    """Which part of the data this rank reads; ranks of one context or tensor group read the same."""
    data_size: int
    context_rank: int
    context_size: int
    tensor_rank: int
    tensor_size: int
    parameters: DeviceMesh
    """(shard, tensor): parameters are sharded over data x context ranks, and split over tensor ranks."""
    context_group: dist.ProcessGroup
    """The ranks that hold the other tokens of this rank's documents."""


def setup(data: int = 0, tensor: int = 1, context: int = 1) -> Mesh | None:
    """Join the processes that torchrun started: NCCL on GPUs (one a process), gloo on CPUs.

    data: ranks that read different data, 0 for as many as there are; tensor: ranks that split every matrix; context:
    ranks that split every batch's tokens. Returns None where torchrun did not start this process. Raises PretrainError
    where the product is not the number of processes.
    """
    asked = f"parallel: data {data}, tensor {tensor}, context {context}"
    if not {"RANK", "LOCAL_RANK", "WORLD_SIZE"} <= set(os.environ):
        needed = max(data, 1) * tensor * context
        if needed > 1:
            raise PretrainError(
                f"{asked} needs {needed} processes, and this is one; start it with torchrun --nproc-per-node {needed}"
            )
        return None
    rank, local_rank, world_size = (int(os.environ[name]) for name in ("RANK", "LOCAL_RANK", "WORLD_SIZE"))
    data = data or max(1, world_size // max(1, tensor * context))
    if min(data, tensor, context) < 1 or data * tensor * context != world_size:
        raise PretrainError(
            f"{asked} does not fit the {world_size} processes that torchrun started: the product must be their number "
            "(data 0: as many as are left); change one of them, or --nproc-per-node"
        )
    if torch.cuda.is_available():
        if local_rank >= torch.cuda.device_count():
            raise PretrainError(
                f"process {local_rank} of this machine has no GPU of its own among {torch.cuda.device_count()}; "
                "start no more processes than GPUs (--nproc-per-node)"
            )
        device = torch.device("cuda", local_rank)
        torch.cuda.set_device(device)
        backend = "cpu:gloo,cuda:nccl"  # Checkpoints are written from CPU copies, whose plan gloo agrees on.
    else:
        device, backend = torch.device("cpu"), "gloo"
    if not dist.is_initialized():
        device_id = device if device.type == "cuda" else None
        dist.init_process_group(backend, timeout=PATIENCE, device_id=device_id)
    if tensor > 1:
        # It warns of two gathers where weights lie on a grid of ranks; that is how a whole copy is made, and rarely.
        logging.getLogger("torch.distributed.tensor._redistribute").setLevel(logging.ERROR)
    parameters = init_device_mesh(device.type, (data * context, tensor), mesh_dim_names=("shard", "tensor"))
    groups = init_device_mesh(device.type, (data, context, tensor), mesh_dim_names=("data", "context", "tensor"))
    data_rank, context_rank, tensor_rank = groups.get_coordinate() or (0, 0, 0)
    return Mesh(
        rank=rank,
        world_size=world_size,
        device=device,
        data_rank=data_rank,
        data_size=data,
        context_rank=context_rank,
        context_size=context,
        tensor_rank=tensor_rank,
        tensor_size=tensor,
        parameters=parameters,
        context_group=groups.get_group("context"),
    )


def parallelize(
    objective: "Objective", mesh: Mesh, dtype: torch.dtype, weights: Iterator[tuple[str, Tensor]] | None = None
) -> "Objective":
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


def sum_over_ranks(values: list[float], mesh: Mesh) -> list[float]:
    """Each value summed over data and context ranks, not over tensor ranks, which hold the same; on every rank."""
    total = torch.tensor(values, dtype=torch.float64, device=mesh.device)
    dist.all_reduce(total, group=mesh.parameters.get_group("shard"))
    return total.tolist()


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


class VocabularyParallelCrossEntropy:
    """`linear_cross_entropy` where each tensor rank holds some rows of the head: no rank ever sees all logits of a token.

    Three numbers a token go between ranks: the largest logit, the denominator, and the target's logit.
    """

    def __init__(self, group: dist.ProcessGroup) -> None:
        self.group = group

    def __call__(self, hidden: Tensor, weight: Tensor, targets: Tensor, reduction: str = "sum") -> Tensor:
        """hidden (T, width), the same on all ranks; weight a DTensor split by rows; targets (T,), -100 where none.

        Returns the sum. Raises PretrainError for a target past the vocabulary; on a GPU the loss is NaN then.
        """
        if reduction != "sum" or not isinstance(weight, DTensor):
            raise PretrainError("the vocabulary-parallel loss is a sum over a head that is split among tensor ranks")
        if targets.device.type == "cpu":
            check_targets(targets, weight.shape[0])
        return _VocabularyParallelSum.apply(hidden, weight.to_local(), targets, weight.shape[0], self.group)


class _VocabularyParallelSum(torch.autograd.Function):
    """The summed loss; gradients are made in the forward pass, a chunk at a time, and only scaled in the backward."""

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor, vocabulary_size: int, group: dist.ProcessGroup
    ) -> Tensor:
        first = dist.get_rank(group) * weight.shape[0]
        wide = torch.promote_types(hidden.dtype, torch.float32)
        total = hidden.new_zeros((), dtype=wide)
        wanted = any(ctx.needs_input_grad)
        grad_hidden = torch.empty_like(hidden) if wanted else None
        grad_weight = torch.zeros_like(weight, dtype=wide) if wanted else None
        for rows in (slice(start, start + CHUNK_TOKENS) for start in range(0, len(targets), CHUNK_TOKENS)):
            h, t = hidden[rows], targets[rows]
            logits = F.linear(h, weight).to(wide)
            largest = logits.amax(dim=1)
            dist.all_reduce(largest, dist.ReduceOp.MAX, group=group)
            logits -= largest[:, None]
            counts = t != IGNORE
            mine = counts & (t >= first) & (t < first + weight.shape[0])
            index = (t - first).where(mine, 0)[:, None]
            target = logits.gather(1, index)[:, 0].where(mine, 0)
            slope = logits.exp_()
            sums = torch.stack((slope.sum(dim=1), target))
            dist.all_reduce(sums, group=group)
            losses = (sums[0].log() - sums[1]).where(counts, 0)
            total += losses.masked_fill(counts & ((t < 0) | (t >= vocabulary_size)), float("nan")).sum()
            if grad_hidden is not None and grad_weight is not None:
                slope /= sums[0, :, None]
                slope.scatter_add_(1, index, -mine.to(wide)[:, None])
                slope = slope.where(counts[:, None], 0).to(hidden.dtype)
                torch.mm(slope, weight, out=grad_hidden[rows])
                grad_weight += slope.t() @ h
        ctx.save_for_backward(grad_hidden, grad_weight)
        ctx.group = group
        return total

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        grad_hidden, grad_weight = ctx.saved_tensors
        # Each rank's part of the vocabulary has its say in the hidden state's gradient.
        grad_hidden = grad_hidden * grad.to(grad_hidden.dtype)
        dist.all_reduce(grad_hidden, group=ctx.group)
        return grad_hidden, (grad_weight * grad).to(grad_hidden.dtype), None, None, None
