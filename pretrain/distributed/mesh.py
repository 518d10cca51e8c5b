"""This process's place among all that train together."""

import logging
import os
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh

from pretrain.errors import PretrainError

PATIENCE = timedelta(hours=2)
"""How long ranks wait for one another: rank 0 tokenises while the others wait. torchrun ends all when one fails."""


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


def sum_over_ranks(values: list[float], mesh: Mesh) -> list[float]:
    """Each value summed over data and context ranks, not over tensor ranks, which hold the same; on every rank."""
    total = torch.tensor(values, dtype=torch.float64, device=mesh.device)
    dist.all_reduce(total, group=mesh.parameters.get_group("shard"))
    return total.tolist()
