"""The Triton kernels against the reference: natively on a CUDA device, and on CPU tensors through Triton's interpreter.

The interpreter must be asked for before Triton is imported, so without a device one test runs this file again in a
process of its own. It multiplies bfloat16 as if it were integers; there the kernels are checked in float16.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from pretrain.errors import PretrainError
from pretrain.kernels import reference

INTERPRETED = os.environ.get("TRITON_INTERPRET") == "1"
DEVICE = "cpu" if INTERPRETED else "cuda"
DTYPES = [torch.float16] if INTERPRETED else [torch.bfloat16, torch.float16]
TOLERANCE = {torch.float16: 2e-3, torch.bfloat16: 1.2e-2}
RATIOS = [(1, 1), (3, 1), (4, 2), (8, 2), (9, 3)]
SHAPES = [
    (*heads, head_dim)
    for heads in RATIOS
    for head_dim in (64, 96, 128, 256)
    if not INTERPRETED or heads == (3, 1) or head_dim == 64
]
"""Every ratio with every head size; the interpreter, which is slow, takes each ratio at one size and each size at one ratio."""

if INTERPRETED:
    on_device = pytest.mark.filterwarnings("ignore:overflow encountered in exp2")
else:

    def on_device(test):  # type: ignore[no-untyped-def]
        absent = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
        return pytest.mark.gpu(absent(test))


def packed(lengths: list[int], heads: int, kv_heads: int, head_dim: int, dtype: torch.dtype, seed: int = 0):  # type: ignore[no-untyped-def]
    """q, k, v as views of one projection, ordered as the model orders it, and the offsets."""
    generator = torch.Generator().manual_seed(seed)
    group = heads // kv_heads
    qkv = torch.randn(sum(lengths), kv_heads, group + 2, head_dim, generator=generator).to(DEVICE, dtype)
    q = qkv[:, :, :group].reshape(-1, heads, head_dim)
    offsets = torch.tensor([0, *torch.tensor(lengths).cumsum(0).tolist()], dtype=torch.int32, device=DEVICE)
    return q.requires_grad_(), qkv[:, :, group].requires_grad_(), qkv[:, :, -1].requires_grad_(), offsets


def values_and_gradients(q: Tensor, k: Tensor, v: Tensor, offsets: Tensor, grad: Tensor) -> tuple[Tensor, ...]:
    from pretrain.kernels.gpu.attention import attention_triton

    out = attention_triton(q, k, v, offsets)
    return out, *torch.autograd.grad(out, (q, k, v), grad)


def assert_close(found: Tensor, expected: Tensor, tolerance: float) -> None:
    """By relative norm, or against elements of one half where the truth is nearly zero (dq of a document of one token)."""
    assert torch.isfinite(found).all()
    size = expected.double().norm().clamp(min=0.5 * expected.numel() ** 0.5)
    difference = (found.double() - expected.double()).norm() / size
    assert difference < tolerance, f"relative error {difference:.2e}"


def check(lengths: list[int], heads: int, kv_heads: int, head_dim: int, dtype: torch.dtype, seed: int = 0) -> None:
    q, k, v, offsets = packed(lengths, heads, kv_heads, head_dim, dtype, seed)
    grad = torch.randn(q.shape, generator=torch.Generator().manual_seed(seed + 1)).to(DEVICE, dtype)
    found = values_and_gradients(q, k, v, offsets, grad)
    wide = [x.detach().double().requires_grad_() for x in (q, k, v)]
    out = reference.attention(*wide, offsets, head_dim**-0.5)
    for ours, theirs in zip(found, (out, *torch.autograd.grad(out, wide, grad.double())), strict=True):
        assert_close(ours, theirs, TOLERANCE[dtype])


@on_device
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize(("heads", "kv_heads", "head_dim"), SHAPES)
def test_every_head_size_and_ratio_agrees_with_the_reference(
    heads: int, kv_heads: int, head_dim: int, dtype: torch.dtype
) -> None:
    check([70, 1, 130, 2, 33], heads, kv_heads, head_dim, dtype)


@on_device
@settings(max_examples=8 if INTERPRETED else 60, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(st.integers(0, 3), st.integers(1, 140)), min_size=1, max_size=9), st.integers(0, 2**20))
def test_ragged_documents_agree_with_the_reference(lengths: list[int], seed: int) -> None:
    """Any lengths from empty upward, in any order."""
    check([*lengths, 1], 2, 1, 64, DTYPES[0], seed)


@on_device
@pytest.mark.parametrize("length", [1, 2, 127, 128, 129, 257])
def test_one_document_of_any_length_agrees_with_the_reference(length: int) -> None:
    check([length], 2, 1, 128, DTYPES[0])


@on_device
def test_operands_the_copy_engine_cannot_read_in_place_give_the_same_bits() -> None:
    q, k, v, offsets = packed([40, 90, 17], 4, 2, 64, DTYPES[0])
    grad = torch.randn(q.shape, generator=torch.Generator().manual_seed(3)).to(DEVICE, q.dtype)
    expected = values_and_gradients(q, k, v, offsets, grad)
    odd = []
    for x in (q, k, v, grad):
        place = torch.zeros(*x.shape[:2], x.shape[2] + 1, dtype=x.dtype, device=DEVICE)[..., 1:]
        odd.append(place.copy_(x.detach()).requires_grad_())
    for ours, theirs in zip(values_and_gradients(*odd[:3], offsets, odd[3]), expected, strict=True):
        assert torch.equal(ours, theirs)


@on_device
@pytest.mark.parametrize("changed", [0, 1, 2, 3])
def test_changing_one_document_changes_no_bit_of_another(changed: int) -> None:
    lengths = [50, 131, 1, 76]
    q, k, v, offsets = packed(lengths, 4, 2, 64, DTYPES[0])
    grad = torch.randn(q.shape, generator=torch.Generator().manual_seed(5)).to(DEVICE, q.dtype)
    before = values_and_gradients(q, k, v, offsets, grad)
    start, end = offsets[changed : changed + 2].tolist()
    inputs = [x.detach().clone() for x in (q, k, v, grad)]
    for x in inputs:
        x[start:end] = 30 * torch.randn_like(x[start:end])
    after = values_and_gradients(*(x.requires_grad_() for x in inputs[:3]), offsets, inputs[3])
    others = torch.ones(sum(lengths), dtype=torch.bool, device=DEVICE)
    others[start:end] = False
    for one, two in zip(before, after, strict=True):
        assert torch.equal(one[others], two[others])
        assert not torch.equal(one[~others], two[~others])


@on_device
def test_two_runs_give_the_same_bits() -> None:
    q, k, v, offsets = packed([300, 212], 4, 1, 128, DTYPES[0])
    grad = torch.ones_like(q)
    for one, two in zip(*(values_and_gradients(q, k, v, offsets, grad) for _ in range(2)), strict=True):
        assert torch.equal(one, two)


@on_device
@pytest.mark.parametrize(("heads", "kv_heads", "head_dim"), [(8, 2, 128), (9, 3, 64), (2, 2, 96), (32, 1, 256)])
def test_decoding_agrees_with_the_reference(heads: int, kv_heads: int, head_dim: int) -> None:
    from pretrain.kernels.gpu.attention import decode_attention_triton

    dtype = DTYPES[0]
    generator = torch.Generator().manual_seed(0)
    lengths = torch.tensor([1, 700, 64, 333], dtype=torch.int32, device=DEVICE)
    q = torch.randn(4, heads, head_dim, generator=generator).to(DEVICE, dtype)
    cache = torch.randn(2, 4, 700, kv_heads, head_dim, generator=generator).to(DEVICE, dtype)
    found = decode_attention_triton(q, *cache, lengths)
    expected = reference.decode_attention(q.double(), *cache.double(), lengths, head_dim**-0.5)
    assert_close(found, expected, TOLERANCE[dtype])


@on_device
def test_decoding_reads_nothing_past_a_sequence_s_length() -> None:
    from pretrain.kernels.gpu.attention import decode_attention_triton

    q = torch.randn(2, 4, 64, device=DEVICE).to(DTYPES[0])
    cache = torch.randn(2, 2, 600, 2, 64, device=DEVICE).to(DTYPES[0])
    lengths = torch.tensor([5, 301], dtype=torch.int32, device=DEVICE)
    before = decode_attention_triton(q, *cache, lengths)
    cache[:, 0, 5:], cache[:, 1, 301:] = float("nan"), float("inf")
    assert torch.equal(decode_attention_triton(q, *cache, lengths), before)


@on_device
@pytest.mark.parametrize("vocabulary", [3, 4096, 5001])
@pytest.mark.parametrize("factored", [False, True])
def test_cross_entropy_and_its_gradient_agree_with_torch(vocabulary: int, factored: bool) -> None:
    from pretrain.kernels.gpu.fused import cross_entropy_

    generator = torch.Generator().manual_seed(0)
    logits = (4 * torch.randn(6, vocabulary, generator=generator)).to(DEVICE, DTYPES[0])
    targets = torch.tensor([0, 1, -100, vocabulary - 1, 2, 1], device=DEVICE)
    factors = torch.tensor([1.0, 0.5, 3.0, -2.0, 1.0, 0.0], device=DEVICE) if factored else None
    wide = logits.double().requires_grad_()
    truth = torch.nn.functional.cross_entropy(wide, targets, reduction="none")
    (slope,) = torch.autograd.grad(truth, wide, torch.ones_like(truth) if factors is None else factors.double())
    assert torch.allclose(cross_entropy_(logits, targets).double(), truth, rtol=1e-4, atol=1e-4)
    losses = cross_entropy_(logits, targets, gradient=True, factors=factors)
    assert torch.allclose(losses.double(), truth, rtol=1e-4, atol=1e-4)
    assert_close(logits, slope, TOLERANCE[DTYPES[0]])
    assert (logits[2] == 0).all()


@on_device
def test_a_target_outside_the_vocabulary_makes_its_loss_nan() -> None:
    from pretrain.kernels.gpu.fused import cross_entropy_

    losses = cross_entropy_(torch.zeros(3, 8, device=DEVICE), torch.tensor([8, -1, 0], device=DEVICE))
    assert losses.isnan().tolist() == [True, True, False]


@on_device
def test_the_operators_pass_torch_s_own_checks() -> None:
    from pretrain.kernels.gpu.attention import _bounds_op, _forward_op

    q, k, v, offsets = packed([20, 45], 2, 1, 64, DTYPES[0])
    bounds = _bounds_op(offsets, 65)
    assert bounds[19:21].tolist() == [0, 20] and bounds[65 + 19 : 65 + 21].tolist() == [20, 65]
    checks = ("test_schema", "test_faketensor", "test_autograd_registration")
    torch.library.opcheck(_forward_op, (q, k, v, bounds, 0.125), test_utils=checks)


@on_device
def test_a_compiled_function_has_no_graph_break_and_the_same_bits() -> None:
    from pretrain.kernels.gpu.attention import attention_triton

    def attend(q: Tensor, k: Tensor, v: Tensor, offsets: Tensor) -> Tensor:
        return attention_triton(q, k, v, offsets) * 2

    q, k, v, offsets = packed([64, 30], 2, 1, 64, DTYPES[0])
    backend = "aot_eager" if INTERPRETED else "inductor"
    compiled = torch.compile(attend, fullgraph=True, backend=backend)
    pairs = []
    for function in (attend, compiled):
        out = function(q, k, v, offsets)
        pairs.append((out, *torch.autograd.grad(out.sum(), (q, k, v))))
    for one, two in zip(*pairs, strict=True):
        assert torch.equal(one, two)


def test_what_the_kernels_do_not_know_is_refused_with_the_mend() -> None:
    from pretrain.kernels.gpu.attention import attention_triton

    offsets = torch.tensor([0, 4], dtype=torch.int32)
    with pytest.raises(PretrainError, match=r"bfloat16 or float16, not torch\.float32; cast"):
        attention_triton(*torch.randn(3, 4, 2, 64), offsets)
    with pytest.raises(PretrainError, match=r"head sizes \(64, 96, 128, 256\), not 80"):
        attention_triton(*torch.randn(3, 4, 2, 80).half(), offsets)


@pytest.mark.skipif(INTERPRETED or torch.cuda.is_available(), reason="the tests above run here as they are")
def test_the_kernels_agree_with_the_reference_through_the_interpreter() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", str(Path(__file__))],
        env={**os.environ, "TRITON_INTERPRET": "1"},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout


@pytest.mark.gpu
@pytest.mark.skipif(INTERPRETED or not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize(("head_dim", "dtype"), [(64, torch.float32), (32, torch.bfloat16), (8, torch.float32)])
def test_float32_and_other_head_sizes_run_on_a_gpu_through_torch(head_dim: int, dtype: torch.dtype) -> None:
    from pretrain.kernels import attention, decode_attention

    q, k, v, offsets = packed([5, 70, 1, 70], 4, 2, head_dim, dtype)
    wide = [x.detach().double() for x in (q, k, v)]
    tolerance = 1e-4 if dtype == torch.float32 else TOLERANCE[dtype]
    assert_close(attention(q, k, v, offsets), reference.attention(*wide, offsets, head_dim**-0.5), tolerance)
    lengths = torch.tensor([70], dtype=torch.int32, device="cuda")
    cache = [x[5:75].detach()[None] for x in (k, v)]
    decoded = decode_attention(q[74:75].detach(), *cache, lengths)
    assert_close(decoded, attention(q, k, v, offsets)[74:75], tolerance)
