"""A learner that is several processes: the first says what is to be done, and all do their shares of it.

Only the first draws, judges, decides and writes. The others hold their parts of every weight, gradient and moment (FSDP2), and follow:
each call of a method that `by_all` marks is made by all of them with what the first one gave. Each computes some of a batch's forward
passes, the same ones whether it measures or learns.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from alignment.job import Job, TrainResult, finished_result
from alignment.processes import count, is_first

if TYPE_CHECKING:
    from torch import Tensor


class Led(Protocol):
    """Has methods that all processes call together (`by_all`)."""

    apart: bool
    """Whether this process is where the others may not be: within such a call, or where one has failed."""


L = TypeVar("L", bound=Led)
P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = timedelta(days=7)
"""The others wait while the first draws and judges a batch; torch's own limit is half an hour, NCCL's ten minutes."""
END = ""


@functools.cache
def group() -> Any:
    """Of all processes on their CPUs, over which they talk; weights and gradients go over torch's default group."""
    import torch
    from torch import distributed

    if not distributed.is_initialized():
        on_gpu = torch.cuda.is_available()
        if on_gpu:
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        distributed.init_process_group("nccl" if on_gpu else "gloo", timeout=PATIENCE)
    return distributed.new_group(backend="gloo", timeout=PATIENCE)


def told(value: T) -> T:
    """What the first process says; what the others give is not looked at."""
    if count() == 1:
        return value
    from torch import distributed

    said = [value]
    distributed.broadcast_object_list(said, src=0, group=group())
    return said[0]


def gathered(mine: T) -> list[T]:
    """What each process has, in their order, in all of them."""
    if count() == 1:
        return [mine]
    from torch import distributed

    found: list[Any] = [None] * count()
    distributed.all_gather_object(found, mine, group=group())
    return found


def by_all(method: Callable[Concatenate[L, P], T]) -> Callable[Concatenate[L, P], T]:
    """A learner's method that all processes call once the first does."""

    @functools.wraps(method)
    def called(learner: L, *given: P.args, **named: P.kwargs) -> T:
        if count() > 1 and is_first():
            learner.apart = True  # until all are through: where one is not, none listens any more
            told((method.__name__, given, named))
        found = method(learner, *given, **named)
        learner.apart = False
        return found

    return called


@contextmanager
def leading(learner: Led) -> Iterator[None]:
    """While the first process is within, the others `follow`; after it, also after what it raised itself, they end."""
    try:
        yield
    finally:
        if not learner.apart:
            told((END, (), {}))


def follow(learner: Led, job: Job) -> TrainResult:
    """What a process that is not the first does: calls what that one calls, until it has ended. Raises KeyboardInterrupt where it has
    stopped before the last step.
    """
    while True:
        call: tuple[str, tuple[Any, ...], dict[str, Any]] = told((END, (), {}))
        name, given, named = call
        if name == END:
            break
        getattr(learner, name)(*given, **named)
    if (result := finished_result(job)) is None:
        raise KeyboardInterrupt("the first process has stopped")
    return result


def shares(parts: Sequence[T]) -> list[tuple[T, bool]]:
    """Of forward passes those of this process, each with whether it counts. All make as many, since in each of them weights are put
    together: who has none left makes the first one again, for nothing.
    """
    own = [(part, True) for part in parts[int(os.environ.get("RANK", "0")) :: count()]]
    return own + [(parts[0], False)] * (-(-len(parts) // count()) - len(own))


def cut(*modules: Any) -> None:
    """Deals the weights of modules, and of each of their layers, out to the processes."""
    if count() == 1:
        return
    import torch
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    group()
    mesh = init_device_mesh("cuda" if torch.cuda.is_available() else "cpu", (count(),))
    for module in modules:
        layers = set(getattr(module, "_no_split_modules", None) or ())
        for layer in [part for part in module.modules() if type(part).__name__ in layers]:
            fully_shard(layer, mesh=mesh)
        fully_shard(module, mesh=mesh)


def whole(weight: Tensor) -> Tensor:
    """A weight, gathered where it is cut; all processes ask for the same ones in the same order."""
    gathered_weight: Tensor = weight.full_tensor() if hasattr(weight, "full_tensor") else weight
    return gathered_weight


def summed(mine: Mapping[str, float]) -> dict[str, float]:
    """Figures of each process, added up."""
    every = gathered(dict(mine))
    return {name: sum(one.get(name, 0.0) for one in every) for name in dict.fromkeys(n for one in every for n in one)}


SHARDS = "shards"
"""Of a saved state: what each process held, as torch's distributed checkpoints are laid out."""


def save(folder: Path, modules: Any, optimizer: Any, version: int) -> None:
    """Each process writes what it holds; any number of processes reads it. Raises in all of them what it did in one."""
    from torch.distributed import checkpoint
    from torch.distributed.checkpoint.state_dict import get_state_dict

    model, moments = get_state_dict(modules, optimizer)
    with own_error():
        checkpoint.save({"model": model, "optimizer": moments, "version": version}, checkpoint_id=folder / SHARDS)
    forget_before_updates(optimizer, version)


def load(folder: Path, modules: Any, optimizer: Any) -> int:
    """What `save` wrote; returns the version. Raises in all processes what it did in one."""
    from torch.distributed import checkpoint
    from torch.distributed.checkpoint.state_dict import get_state_dict, set_state_dict

    model, moments = get_state_dict(modules, optimizer)
    state: dict[str, Any] = {"model": model, "optimizer": moments, "version": 0}
    with own_error():
        checkpoint.load(state, checkpoint_id=folder / SHARDS)
    set_state_dict(modules, optimizer, model_state_dict=state["model"], optim_state_dict=state["optimizer"])
    version: int = state["version"]
    forget_before_updates(optimizer, version)
    return version


def forget_before_updates(optimizer: Any, version: int) -> None:
    """To ask for moments before there are any, torch makes a step of zeros, which Adam would count among those by which it corrects."""
    if not version:
        optimizer.state.clear()


@contextmanager
def own_error() -> Iterator[None]:
    """In the place of torch's, which is no Exception, the error of the first process that could not read or write its part."""
    from torch.distributed.checkpoint import CheckpointException

    try:
        yield
    except CheckpointException as error:
        own, _ = next(iter(error.failures.values()))
        raise own from None
