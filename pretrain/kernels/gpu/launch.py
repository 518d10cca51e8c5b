"""Launching a Triton kernel again without asking again what it was compiled for.

Triton examines every argument of every call, some 100 microseconds for a kernel with many descriptors: longer than a
short attention takes. Here the few facts it compiles for make a key, and a kernel met before is launched as it is.
"""

from typing import Any

import torch
from torch import Tensor

_COMPILED: dict[tuple[Any, ...], Any] = {}


def launch(kernel: Any, programs: tuple[int, ...], args: tuple[Any, ...], warps: int, **constants: int) -> None:
    """kernel[programs](*args, **constants, num_warps=warps); constants in the order of the kernel's last parameters."""
    key = (kernel, torch.cuda.current_device() if torch.cuda.is_initialized() else -1, warps, *constants.values())
    key += tuple(map(_facts, args))
    compiled = _COMPILED.get(key)
    if compiled is None:
        _COMPILED[key] = kernel[programs](*args, **constants, num_warps=warps)
    else:
        compiled[(*programs, 1, 1)[:3]](*args, *constants.values())


def _facts(arg: Any) -> Any:
    """What of an argument Triton may compile for: 1 becomes a constant, divisibility by 16 allows wide accesses."""
    if type(arg) is int:
        return 1 if arg == 1 else (arg % 16 == 0, arg < 2**31)
    if type(arg) is float:
        return float
    if isinstance(arg, Tensor):
        return arg.dtype, arg.data_ptr() % 16 == 0
    return arg.base.dtype, *arg.block_shape
