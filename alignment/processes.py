"""Training in several processes, a GPU each: every weight, gradient and moment is cut among them, and so is every batch (FSDP2, by
accelerate).

A training is one process unless its parent started several. Each reads the data and does the same steps on other rows; the first
reports, writes what all have, and decides for all what is decided by a clock or a signal, or the others would wait for ever.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from alignment.errors import AlignmentError

if TYPE_CHECKING:
    from torch import Tensor

T = TypeVar("T")


def count() -> int:
    """Processes that train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first() -> bool:
    """Whether this is the one that reports and writes."""
    return int(os.environ.get("RANK", "0")) == 0


def environment(rank: int, processes: int, port: int) -> dict[str, str]:
    """What tells torch that a process is one of several on this machine; empty for one alone."""
    if processes == 1:
        return {}
    threads = max(1, len(os.sched_getaffinity(0)) // processes)
    return {
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": str(processes),
        "LOCAL_WORLD_SIZE": str(processes),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "OMP_NUM_THREADS": str(threads),
    }


def refuse_uneven(batch_size: int, processes: int) -> None:
    """Raises AlignmentError where a batch is not cut evenly."""
    if batch_size % processes:
        nearest = max(1, round(batch_size / processes)) * processes
        raise AlignmentError(
            f"batch_size={batch_size} is not cut evenly among {processes} processes; give {nearest}, or another --processes"
        )


def arguments() -> dict[str, Any]:
    """What transformers' arguments say of several processes. `reshard_after_forward`: a layer's weights are whole while it computes."""
    if count() == 1:
        return {}
    return {"fsdp": True, "fsdp_config": {"version": 2, "reshard_after_forward": True}}


def placed(config: Any) -> Any:
    """transformers' arguments as they are; a trainer that is made after this one call shards its model on a CPU as well.

    accelerate shards on the kinds of device of a list in which the CPU is not, though torch does shard there: it is told another kind.
    """
    if count() > 1 and config.use_cpu:
        from accelerate.state import PartialState
        from accelerate.utils import DistributedType

        PartialState().distributed_type = DistributedType.MULTI_GPU
    return config


def keep_precision(trainer: Any) -> None:
    """Shards are gathered as they are kept, in fp32, and autocast rounds: what is computed is what one process computes."""
    if count() > 1:
        from torch.distributed.fsdp import MixedPrecisionPolicy

        trainer.accelerator.state.fsdp_plugin.mixed_precision_policy = MixedPrecisionPolicy()


def as_forward(core: Any, compute: Callable[[], T]) -> T:
    """What `compute` gives, asked as the forward pass of `core`: weights that are cut among processes are whole only within it."""
    if count() == 1:
        return compute()
    own = vars(core).get("forward")  # accelerate puts one of its own there
    core.forward = compute
    try:
        found: T = core()
        return found
    finally:
        if own is None:
            del core.forward
        else:
            core.forward = own


def is_zero(weight: Tensor) -> bool:
    """Of a whole weight, or of one that is cut among the processes."""
    gathered = weight.full_tensor() if hasattr(weight, "full_tensor") else weight
    return not bool(gathered.any())


def agreed(decision: bool) -> bool:
    """The first process's decision, which is that of all."""
    if count() == 1:
        return decision
    from accelerate.utils import broadcast_object_list

    decided = [decision]
    broadcast_object_list(decided, from_process=0)
    return decided[0]


def refuse_other_state(state: Path) -> None:
    """Raises AlignmentError for a saved state that one process cannot read because several wrote it, or the other way round."""
    of_several = (state / OF_SEVERAL).exists()
    if of_several == (count() > 1):
        return
    wrote, mend = ("several processes", "--processes 2") if of_several else ("one process", "--processes 1")
    raise AlignmentError(f"{state}: {wrote} saved it, and only such go on from it; give {mend}, or another --out")


OF_SEVERAL = "pytorch_model_fsdp.bin"
"""What transformers calls the weights in a state that several processes saved."""


@contextlib.contextmanager
def first_alone() -> Iterator[None]:
    """The first process does what is within, and then the others, who find it done."""
    if count() == 1:
        yield
        return
    from accelerate.state import PartialState

    with PartialState().main_process_first():
        yield


def whole_weights(trainer: Any) -> dict[str, Tensor] | None:
    """The weights by name, gathered in the first process's memory where they are cut; None where the model holds them whole."""
    if count() == 1:
        return None
    found: dict[str, Tensor] = trainer.accelerator.get_state_dict(trainer.model)
    return found
