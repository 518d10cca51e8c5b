"""RMSNorm, SwiGLU and the rotated split of the fused projection on a CPU, each one pass forward and one backward.

The C++ is elementwise.cpp; every op is a custom op of torch's, so that `torch.compile` sees no graph break. Results
do not depend on the number of threads. `usable` says whether these kernels take given tensors.
"""

import ctypes
from collections.abc import Callable

import torch
from torch import Tensor

from pretrain.kernels.cpu import native as cpu_native

_NAMES = {torch.float32: "float32", torch.bfloat16: "bfloat16"}


def usable(*tensors: Tensor) -> bool:
    """Plain CPU tensors of one dtype, float32 or bfloat16, on a machine where the kernels could be built."""
    first = tensors[0]
    return (
        first.device.type == "cpu"
        and first.dtype in _NAMES
        and all(x.dtype == first.dtype and type(x) in (Tensor, torch.nn.Parameter) for x in tensors)
        and cpu_native.library() is not None
    )


@torch.library.custom_op("pretrain::rms_norm_cpu", mutates_args=(), device_types="cpu")
def rms_norm(x: Tensor, weight: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """x (..., width), weight (width,) -> x / rms(x) * weight, and 1 / rms(x) as float32 (rows,)."""
    x, weight = x.contiguous(), weight.contiguous()
    out, scales = torch.empty_like(x), _scales(x)
    rows, width = scales.shape[0], x.shape[-1]
    _call("rms_norm", x.dtype, x, width, weight, rows, width, eps, out, scales)
    return out, scales


@torch.library.custom_op("pretrain::rms_norm_cpu_backward", mutates_args=(), device_types="cpu")
def _rms_norm_backward(grad: Tensor, x: Tensor, weight: Tensor, scales: Tensor) -> tuple[Tensor, Tensor]:
    grad, x, weight = grad.contiguous(), x.contiguous(), weight.contiguous()
    grad_x, grad_weight = torch.empty_like(x), torch.empty_like(weight)
    rows, width = scales.shape[0], x.shape[-1]
    _call("rms_norm_backward", x.dtype, grad, width, x, width, weight, scales, rows, width, grad_x, grad_weight)
    return grad_x, grad_weight


@torch.library.custom_op("pretrain::swiglu_cpu", mutates_args=(), device_types="cpu")
def swiglu(gate: Tensor, up: Tensor) -> Tensor:
    """silu(gate) * up, of one shape."""
    gate, up = gate.contiguous(), up.contiguous()
    out = torch.empty_like(gate)
    _call("swiglu", gate.dtype, gate, up, gate.numel(), out)
    return out


@torch.library.custom_op("pretrain::swiglu_cpu_backward", mutates_args=(), device_types="cpu")
def _swiglu_backward(grad: Tensor, gate: Tensor, up: Tensor) -> tuple[Tensor, Tensor]:
    grad, gate, up = grad.contiguous(), gate.contiguous(), up.contiguous()
    grad_gate, grad_up = torch.empty_like(gate), torch.empty_like(up)
    _call("swiglu_backward", gate.dtype, grad, gate, up, gate.numel(), grad_gate, grad_up)
    return grad_gate, grad_up


@torch.library.custom_op("pretrain::split_rotated_cpu", mutates_args=(), device_types="cpu")
def split_rotated(qkv: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """qkv (T, H_kv, group + 2, D), cos and sin (T, D) -> rotated q (T, H, D), rotated k and v (T, H_kv, D)."""
    qkv, cos, sin = qkv.contiguous(), cos.contiguous(), sin.contiguous()
    q, k, v = _parts(qkv)
    _call("split_rotated", qkv.dtype, qkv, cos, sin, *_sizes(qkv), q, k, v)
    return q, k, v


@torch.library.custom_op("pretrain::join_rotated_cpu", mutates_args=(), device_types="cpu")
def _join_rotated(q: Tensor, k: Tensor, v: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """The gradient of qkv from those of what `split_rotated` made of it."""
    q, k, v, cos, sin = (x.contiguous() for x in (q, k, v, cos, sin))
    qkv = _joined(q, k)
    _call("join_rotated", q.dtype, q, k, v, cos, sin, *_sizes(qkv), qkv)
    return qkv


def _scales(x: Tensor) -> Tensor:
    return x.new_empty((x.shape[:-1].numel(),), dtype=torch.float32)


def _parts(qkv: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    tokens, kv_heads, rows, dim = qkv.shape
    q = qkv.new_empty((tokens, kv_heads * (rows - 2), dim))
    return q, qkv.new_empty((tokens, kv_heads, dim)), qkv.new_empty((tokens, kv_heads, dim))


def _joined(q: Tensor, k: Tensor) -> Tensor:
    tokens, kv_heads, dim = k.shape
    return k.new_empty((tokens, kv_heads, q.shape[1] // kv_heads + 2, dim))


def _sizes(qkv: Tensor) -> tuple[int, int, int, int]:
    tokens, kv_heads, rows, dim = qkv.shape
    return tokens, kv_heads, rows - 2, dim


def _call(name: str, dtype: torch.dtype, *arguments: Tensor | int | float) -> None:
    """Call a function of the library: tensors become pointers, int int64_t, float float; the threads come last."""
    library = cpu_native.library()
    assert library is not None, "usable() was not asked"
    function: Callable[..., None] = getattr(library, f"{name}_{_NAMES[dtype]}")
    function(
        *(
            ctypes.c_void_p(x.data_ptr())
            if isinstance(x, Tensor)
            else ctypes.c_float(x)
            if isinstance(x, float)
            else ctypes.c_int64(x)
            for x in arguments
        ),
        ctypes.c_int(torch.get_num_threads()),
    )


Context = torch.autograd.function.FunctionCtx


@rms_norm.register_fake
def _(x: Tensor, weight: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    return x.new_empty(x.shape), _scales(x)


@_rms_norm_backward.register_fake
def _(grad: Tensor, x: Tensor, weight: Tensor, scales: Tensor) -> tuple[Tensor, Tensor]:
    return x.new_empty(x.shape), weight.new_empty(weight.shape)


@swiglu.register_fake
def _(gate: Tensor, up: Tensor) -> Tensor:
    return gate.new_empty(gate.shape)


@_swiglu_backward.register_fake
def _(grad: Tensor, gate: Tensor, up: Tensor) -> tuple[Tensor, Tensor]:
    return gate.new_empty(gate.shape), up.new_empty(up.shape)


@split_rotated.register_fake
def _(qkv: Tensor, cos: Tensor, sin: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    return _parts(qkv)


@_join_rotated.register_fake
def _(q: Tensor, k: Tensor, v: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    return _joined(q, k)


def _keep_norm(ctx: Context, inputs: tuple, output: tuple[Tensor, Tensor]) -> None:
    ctx.save_for_backward(inputs[0], inputs[1], output[1])


def _norm_gradients(ctx: Context, grad: Tensor, _: Tensor | None) -> tuple[Tensor | None, ...]:
    return *torch.ops.pretrain.rms_norm_cpu_backward(grad, *ctx.saved_tensors), None  # type: ignore[attr-defined]


def _keep_inputs(ctx: Context, inputs: tuple, output: Tensor) -> None:
    ctx.save_for_backward(*inputs)


def _swiglu_gradients(ctx: Context, grad: Tensor) -> tuple[Tensor, Tensor]:
    gradients: tuple[Tensor, Tensor] = torch.ops.pretrain.swiglu_cpu_backward(grad, *ctx.saved_tensors)  # type: ignore[attr-defined]
    return gradients


def _keep_angles(ctx: Context, inputs: tuple, output: tuple[Tensor, ...]) -> None:
    ctx.save_for_backward(*inputs[1:])


def _rotated_gradients(ctx: Context, q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor | None, ...]:
    return torch.ops.pretrain.join_rotated_cpu(q, k, v, *ctx.saved_tensors), None, None  # type: ignore[attr-defined]


rms_norm.register_autograd(_norm_gradients, setup_context=_keep_norm)
swiglu.register_autograd(_swiglu_gradients, setup_context=_keep_inputs)
split_rotated.register_autograd(_rotated_gradients, setup_context=_keep_angles)
