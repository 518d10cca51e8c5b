"""What stands between a block's matrix products: RMSNorm, SwiGLU, and the rotated split of the fused projection.

Plain torch says what they mean. `torch.compile` makes one kernel of each, so there, and on a GPU, that is what runs; on a
CPU without it our C++ does (`cpu/elementwise.py`), since torch's eager ops go over memory once for every operator.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from pretrain.kernels.cpu import elementwise as cpu_elementwise


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """x (..., width), weight (width,) -> x / rms(x) * weight; the mean square is taken in float32."""
    if _native(x, weight):
        return cpu_elementwise.rms_norm(x, weight, eps)[0]
    return F.rms_norm(x, weight.shape, weight, eps)


def swiglu(gate: Tensor, up: Tensor) -> Tensor:
    """silu(gate) * up, of one shape."""
    if _native(gate, up):
        return cpu_elementwise.swiglu(gate, up)
    return F.silu(gate) * up


def split_rotated(qkv_TKGD: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """The fused projection, taken apart and turned by each token's angles.

    qkv (T, H_kv, group + 2, D): for each key-value head its group's queries, its key, its value; cos and sin (T, D).
    Returns q (T, H, D), k and v (T, H_kv, D); q and k rotated.
    """
    if qkv_TKGD.shape[-1] % 32 == 0 and _native(qkv_TKGD, cos, sin):
        return cpu_elementwise.split_rotated(qkv_TKGD, cos, sin)
    rotated = rotate(qkv_TKGD[:, :, :-1], cos, sin)
    q_THD = rotated[:, :, :-1].reshape(qkv_TKGD.shape[0], -1, qkv_TKGD.shape[-1])
    return q_THD, rotated[:, :, -1], qkv_TKGD[:, :, -1]


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn x (T, ..., D) by each token's angles, cos and sin (T, D); halves, not interleaved pairs."""
    shape = (x.shape[0], *(1,) * (x.dim() - 2), x.shape[-1])
    first, second = x.chunk(2, dim=-1)
    return x * cos.view(shape) + torch.cat((-second, first), dim=-1) * sin.view(shape)


def _native(*tensors: Tensor) -> bool:
    return not torch.compiler.is_compiling() and cpu_elementwise.usable(*tensors)
