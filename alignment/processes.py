"""Training in several processes, a GPU each: every weight, gradient and moment is cut among them, and so is every batch (FSDP2, by
accelerate).

A training is one process unless its parent started several. Each reads the data and does the same steps on other rows; the first
reports, writes what all have, and decides for all what is decided by a clock or a signal, or the others would wait for ever.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from alignment.adapters import core_of
from alignment.errors import AlignmentError

if TYPE_CHECKING:
    from torch import Tensor

T = TypeVar("T")

WATCH_S = 0.5
"""Between two looks at whether each of several children lives."""
FAREWELL_S = 5.0
"""How long the others may take to end by themselves where one has failed."""
INTERRUPTED = 130
"""Status of a child that was asked to save its state and end."""
OF_LAUNCHERS = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
"""What a cluster or a launcher sets for processes of its own,"""
THEIRS = ("TORCHELASTIC_", "ACCELERATE_", "FSDP_", "PMI_", "OMPI_COMM_WORLD_", "MV2_COMM_WORLD_")
"""and how others of theirs begin: a training would take itself for one of those, and wait for the rest."""


def count() -> int:
    """Processes that train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first() -> bool:
    """Whether this is the one that reports and writes."""
    return int(os.environ.get("RANK", "0")) == 0


def inherited(surroundings: Mapping[str, str]) -> dict[str, str]:
    """The environment without what makes a process one of somebody else's."""
    return {
        name: value for name, value in surroundings.items() if name not in OF_LAUNCHERS and not name.startswith(THEIRS)
    }


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
        "GLOO_SOCKET_IFNAME": "lo",  # none from another machine is listened to, or has to be reached by this one's name
        "OMP_NUM_THREADS": str(threads),
    }


def free_port() -> int:
    """Of this machine alone, on which the processes of a training meet."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port: int = place.getsockname()[1]
    return port


@contextlib.contextmanager
def ended_together(children: Sequence[subprocess.Popen[bytes]]) -> Iterator[dict[int, int]]:
    """While it lasts, a child that fails takes the others along, who would wait for it without end, and can save nothing. Gives, by
    rank, the status of those that failed by themselves; empty where all of them were over between two looks.
    """
    over = threading.Event()
    failed: dict[int, int] = {}

    def watch() -> None:
        while not over.wait(WATCH_S):
            failed.update(failures(children))
            if failed:
                over.wait(FAREWELL_S)  # the others may have a message of their own
                for child in children:
                    child.kill()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    if len(children) > 1:
        watcher.start()
    try:
        yield failed
    finally:
        over.set()
        if len(children) > 1:
            watcher.join()


def failures(children: Sequence[subprocess.Popen[bytes]]) -> dict[int, int]:
    """The status of each that has ended, by rank, but of those that did so in order or were asked to."""
    ended = {rank: status for rank, child in enumerate(children) if (status := child.poll()) is not None}
    return {rank: status for rank, status in ended.items() if status not in (0, INTERRUPTED)}


def refuse_uneven(batch_size: int, processes: int) -> None:
    """Raises AlignmentError where a batch is not cut evenly."""
    if batch_size % processes:
        nearest = max(1, round(batch_size / processes)) * processes
        raise AlignmentError(
            f"batch_size={batch_size} is not cut evenly among {processes} processes; give {nearest}, or another --processes"
        )


def arguments() -> dict[str, Any]:
    """What transformers' arguments say of several processes. `reshard_after_forward`: a layer's weights are whole while it computes;
    `sync_each_batch`: and its gradient while it is made, where by default each would hold all of it from pass to pass of a batch.
    """
    if count() == 1:
        return {}
    return {
        "fsdp": True,
        "fsdp_config": {"version": 2, "reshard_after_forward": True},
        "accelerator_config": {"gradient_accumulation_kwargs": {"sync_each_batch": True}},
    }


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


def save_once(trainer: Any) -> None:
    """A state holds what is trained, and once. transformers writes its weights twice, gathered whole for each: as a checkpoint, and as
    FSDP goes on from; and torch leaves of the weights beside adapters only those out that have one name.
    """
    if count() == 1:
        return
    trainer.save_model = lambda *_, **__: None
    core = core_of(trainer.model)
    if core is trainer.model:
        return

    def leave_out(_: Any, state: dict[str, Any], prefix: str, __: Any) -> None:
        for name in core.all_tied_weights_keys:
            state.pop(f"base_model.model.{name}", None)

    trainer.model.register_state_dict_post_hook(leave_out)


def as_forward(model: Any, compute: Callable[[], T]) -> T:
    """What `compute` gives, asked as the forward pass of `model`, adapters and all: weights that are cut among processes are whole only
    within it.
    """
    if count() == 1:
        return compute()
    own = vars(model).get("forward")  # accelerate puts one of its own there
    model.forward = compute
    try:
        found: T = model()
        return found
    finally:
        if own is None:
            del model.forward
        else:
            model.forward = own


def cut_again(model: Any) -> None:
    """After forward passes without a backward one, which would do it: weights that lie whole are cut among the processes."""
    if count() > 1:
        from torch.distributed.fsdp import FSDPModule

        for module in model.modules():
            if isinstance(module, FSDPModule):
                module.reshard()


def is_zero(weight: Tensor) -> bool:
    """Of a whole weight, or of one that is cut among the processes."""
    gathered = weight.full_tensor() if hasattr(weight, "full_tensor") else weight
    return not bool(gathered.any())


def agreed(decision: T) -> T:
    """What the first process has decided or found, which is that of all."""
    if count() == 1:
        return decision
    from accelerate.utils import broadcast_object_list

    decided: list[T] = [decision]
    broadcast_object_list(decided, from_process=0)
    return decided[0]


def refuse_other_state(state: Path) -> None:
    """Raises AlignmentError for a saved state that one process cannot read because several wrote it, or the other way round."""
    import torch

    of_several = any((state / name).exists() for name in OF_SEVERAL)
    if of_several == (count() > 1):
        return
    wrote, mend = ("several processes", "--processes 2") if of_several else ("one process", "--processes 1")
    if of_several and torch.cuda.device_count() == 1:
        mend = "--processes 2 on a machine with as many GPUs"
    raise AlignmentError(f"{state}: {wrote} saved it, and only such go on from it; give {mend}, or another --out")


OF_SEVERAL = ("pytorch_model_fsdp.bin", "shards")
"""What the weights are called in a state that several processes saved: by transformers, and by `trainings.ppo`."""


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
