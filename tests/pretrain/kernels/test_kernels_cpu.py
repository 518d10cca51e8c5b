"""Attention over packed documents and the chunked loss on a CPU, against their meaning in plain torch."""

import itertools
import math
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from pretrain.errors import PretrainError
from pretrain.kernels import attention, elementwise, loss, reference, stacked
from pretrain.kernels.cpu import native as cpu_native
from pretrain.kernels.loss import linear_cross_entropy
from pretrain.model import ModelConfig, Transformer

RATIOS = [(1, 1), (2, 1), (4, 4), (6, 2), (9, 3), (8, 1)]
RAGGED = (1, 2, 7, 1, 64, 65, 33, 130, 1)


@pytest.fixture(params=["compiled", "torch"])
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test twice: with our C++ kernels, and as on a machine without a compiler."""
    if request.param == "torch":
        monkeypatch.setattr(cpu_native, "library", lambda: None)
    elif cpu_native.library() is None:
        pytest.skip("no C++ compiler on this machine")


def offsets_of(lengths: tuple[int, ...] | list[int]) -> Tensor:
    return torch.tensor([0, *itertools.accumulate(lengths)], dtype=torch.int32)


def inputs(tokens: int, heads: int, kv_heads: int, head_dim: int, dtype: torch.dtype, seed: int = 0) -> list[Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return [
        torch.randn(tokens, n, head_dim, generator=generator).to(dtype).requires_grad_()
        for n in (heads, kv_heads, kv_heads)
    ]


def with_gradients(function, qkv: list[Tensor], offsets: Tensor, **options: float) -> list[Tensor]:
    out = function(*qkv, offsets, **options)
    weights = torch.randn(out.shape, generator=torch.Generator().manual_seed(7)).to(out.dtype)
    return [out, *torch.autograd.grad(out, qkv, weights)]


def in_float64(qkv: list[Tensor], offsets: Tensor, scale: float) -> list[Tensor]:
    wide = [x.detach().double().requires_grad_() for x in qkv]
    return with_gradients(reference.attention, wide, offsets, scale=scale)


@pytest.mark.parametrize(("heads", "kv_heads"), RATIOS)
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 2e-5), (torch.bfloat16, 2e-2)]
)
def test_values_and_gradients_are_the_references_for_every_head_ratio(path, heads, kv_heads, dtype, tolerance):
    offsets = offsets_of(RAGGED)
    qkv = inputs(sum(RAGGED), heads, kv_heads, 64, dtype)
    for ours, exact in zip(with_gradients(attention, qkv, offsets), in_float64(qkv, offsets, 64**-0.5), strict=True):
        assert ours.dtype == dtype
        assert (ours - exact).abs().max() <= tolerance * max(1.0, exact.abs().max())


@settings(max_examples=40)
@given(
    lengths=st.lists(st.integers(0, 90), min_size=1, max_size=8).filter(any),
    ratio=st.sampled_from(RATIOS),
    head_dim=st.sampled_from([8, 16, 32, 64, 96, 128]),
    scale=st.sampled_from([0.05, 0.3, 1.0]),
    dtype=st.sampled_from([torch.float32, torch.bfloat16]),
)
def test_any_ragged_documents_give_the_references_values_and_gradients(lengths, ratio, head_dim, scale, dtype):
    offsets, qkv = offsets_of(lengths), inputs(sum(lengths), *ratio, head_dim, dtype, seed=len(lengths))
    tolerance = 5e-5 if dtype == torch.float32 else 4e-2
    ours = with_gradients(attention, qkv, offsets, scale=scale)
    for mine, exact in zip(ours, in_float64(qkv, offsets, scale), strict=True):
        assert (mine - exact).abs().max() <= tolerance * max(1.0, exact.abs().max())


@pytest.mark.parametrize(("heads", "kv_heads"), RATIOS)
@pytest.mark.parametrize(("head_dim", "dtype"), [(10, torch.float32), (64, torch.float32), (48, torch.bfloat16)])
def test_what_no_kernel_of_ours_takes_has_the_references_values_and_gradients(heads, kv_heads, head_dim, dtype):
    lengths, scale = (*RAGGED, 0, 7), head_dim**-0.5
    offsets, qkv = offsets_of(lengths), inputs(sum(lengths), heads, kv_heads, head_dim, dtype)
    tolerance = 2e-5 if dtype == torch.float32 else 4e-2
    ours = with_gradients(stacked.attention, qkv, offsets, scale=scale)
    for mine, exact in zip(ours, in_float64(qkv, offsets, scale), strict=True):
        assert mine.dtype == dtype
        assert (mine - exact).abs().max() <= tolerance * max(1.0, exact.abs().max())


@pytest.mark.parametrize(("heads", "kv_heads"), [(2, 1), (3, 3)])
def test_gradcheck_holds_in_float64(heads, kv_heads):
    offsets = offsets_of((1, 4, 0, 3))
    qkv = inputs(8, heads, kv_heads, 8, torch.float64)
    assert torch.autograd.gradcheck(lambda q, k, v: attention(q, k, v, offsets), qkv)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_changing_one_document_changes_no_bit_of_anothers_output_or_gradient(path, dtype):
    lengths = (40, 1, 77, 40, 130)
    offsets, qkv = offsets_of(lengths), inputs(sum(lengths), 6, 2, 64, dtype)
    before = with_gradients(attention, qkv, offsets)
    start, end = int(offsets[2]), int(offsets[3])
    changed = [x.detach().clone() for x in qkv]
    for x in changed:
        x[start:end] = x[start:end] * 3 + 1e4
    after = with_gradients(attention, [x.requires_grad_() for x in changed], offsets)
    for old, new in zip(before, after, strict=True):
        assert torch.equal(old[:start], new[:start])
        assert torch.equal(old[end:], new[end:])
        assert not torch.equal(old[start:end], new[start:end])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_later_token_changes_no_bit_of_an_earlier_tokens_output(path, dtype):
    offsets, qkv = offsets_of((150,)), [x.detach() for x in inputs(150, 4, 2, 64, dtype)]
    before = attention(*qkv, offsets)
    for x in qkv:
        x[101:] = 1e4
    assert torch.equal(before[:101], attention(*qkv, offsets)[:101])


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_views_of_one_fused_projection_give_what_copies_give(path, dtype):
    offsets = offsets_of((50, 83))
    fused = torch.randn(133, 2, 5, 64).to(dtype).requires_grad_()
    views = [fused[:, :, :3].reshape(133, 6, 64), fused[:, :, 3], fused[:, :, 4]]
    out = attention(*views, offsets)
    (from_views,) = torch.autograd.grad(out.transpose(0, 1), fused, torch.ones_like(out).transpose(0, 1))
    copies = [x.detach().contiguous().requires_grad_() for x in views]
    again = attention(*copies, offsets)
    from_copies = torch.autograd.grad(again, copies, torch.ones_like(out))
    assert torch.equal(out, again)
    assert torch.equal(from_views[:, :, :3].reshape(133, 6, 64), from_copies[0])
    assert torch.equal(from_views[:, :, 3], from_copies[1])
    assert torch.equal(from_views[:, :, 4], from_copies[2])


def test_last_axis_with_a_stride_is_read_rightly(path):
    offsets = offsets_of((5, 40))
    spread = [torch.randn(45, n, 64, 2)[..., 0] for n in (4, 2, 2)]
    assert torch.equal(attention(*spread, offsets), attention(*(x.contiguous() for x in spread), offsets))


def test_empty_documents_and_no_tokens_at_all_are_no_trouble(path):
    qkv = inputs(30, 2, 1, 64, torch.float32)
    with_empty = with_gradients(attention, qkv, offsets_of((0, 10, 0, 0, 20, 0)))
    without = with_gradients(attention, qkv, offsets_of((10, 20)))
    assert all(torch.equal(one, other) for one, other in zip(with_empty, without, strict=True))
    nothing = inputs(0, 2, 1, 64, torch.float32)
    assert [x.shape[0] for x in with_gradients(attention, nothing, offsets_of((0,)))] == [0, 0, 0, 0]


def test_scores_of_a_thousand_do_not_overflow(path):
    offsets, qkv = offsets_of((70,)), inputs(70, 2, 1, 64, torch.float32)
    for ours, exact in zip(
        with_gradients(attention, qkv, offsets, scale=200.0), in_float64(qkv, offsets, 200.0), strict=True
    ):
        assert ours.isfinite().all()
        # Scores near 1,000 carry float32 errors near 1e-4, which the gradient multiplies by the scale.
        assert (ours - exact).abs().max() <= 2e-3 * max(1.0, exact.abs().max())


def test_a_nan_stays_in_its_document_and_is_seen_there(path):
    offsets, qkv = offsets_of((20, 20)), inputs(40, 2, 1, 64, torch.bfloat16)
    with torch.no_grad():
        qkv[1][25] = math.nan
    out, *grads = with_gradients(attention, qkv, offsets)
    assert out[30:].isnan().all()
    assert all(x[:20].isfinite().all() for x in (out, *grads))


@pytest.mark.parametrize(
    ("offsets", "said"),
    [([0, 3, 9], "from 0 to the number of tokens, 10"), ([1, 10], "from 0"), ([0, 6, 4, 10], "fall from 6 to 4")],
)
def test_offsets_that_do_not_cover_the_tokens_are_refused(offsets, said):
    with pytest.raises(PretrainError, match=said):
        attention(*inputs(10, 2, 1, 64, torch.float32), torch.tensor(offsets, dtype=torch.int32))


def test_mixed_dtypes_are_refused():
    q, k, v = inputs(4, 2, 1, 64, torch.float32)
    with pytest.raises(PretrainError, match="one dtype"):
        attention(q.bfloat16(), k, v, offsets_of((4,)))


@pytest.mark.parametrize("scale", [-0.1, 0.0, math.nan])
def test_a_scale_that_is_not_positive_is_refused(scale):
    with pytest.raises(PretrainError, match="scale"):
        attention(*inputs(4, 2, 1, 64, torch.float32), offsets_of((4,)), scale=scale)


def test_the_op_keeps_torchs_contract_for_custom_ops():
    qkv = inputs(12, 4, 2, 32, torch.float32)
    torch.library.opcheck(torch.ops.pretrain.attention_cpu.default, (*qkv, offsets_of((5, 7)), 0.2))


# What stands between the matrix products


def ones_of_elementwise(name: str, dtype: torch.dtype) -> tuple[Callable[..., object], list[Tensor]]:
    generator = torch.Generator().manual_seed(3)

    def random(*shape: int) -> Tensor:
        return (torch.randn(*shape, generator=generator) * 2).to(dtype).requires_grad_()

    if name == "rms_norm":
        return lambda x, w: elementwise.rms_norm(x, w, 1e-5), [random(7, 9, 83), random(83)]
    if name == "swiglu":
        return elementwise.swiglu, [random(37, 83), random(37, 83)]
    angles = random(37, 32).detach().repeat(1, 2)
    return lambda x: elementwise.split_rotated(x, angles.cos(), angles.sin()), [random(37, 2, 5, 64)]


@pytest.mark.parametrize("name", ["rms_norm", "swiglu", "split_rotated"])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 3e-6), (torch.bfloat16, 2e-2)])
def test_compiled_elementwise_kernels_mean_what_plain_torch_says(path, monkeypatch, name, dtype, tolerance):
    function, inputs = ones_of_elementwise(name, dtype)

    def results(inputs: list[Tensor]) -> list[Tensor]:
        out = function(*inputs)
        outs = out if isinstance(out, tuple) else (out,)
        generator = torch.Generator().manual_seed(5)
        weights = [torch.randn(x.shape, generator=generator).to(x.dtype) for x in outs]
        return [*outs, *torch.autograd.grad(outs, inputs, weights)]

    ours = results(inputs)
    monkeypatch.setattr(cpu_native, "library", lambda: None)
    exact = results([x.detach().float().requires_grad_() for x in inputs]) if dtype == torch.float32 else None
    for mine, plain in zip(ours, exact or results(inputs), strict=True):
        assert mine.dtype == dtype
        assert (mine - plain).abs().max() <= tolerance * max(1.0, plain.abs().max())


def test_a_gate_far_below_zero_shuts_and_far_above_is_open(path):
    gate = torch.tensor([[-1e4, -200.0, -90.0, 0.0, 90.0, 1e4]])
    assert torch.allclose(elementwise.swiglu(gate, torch.ones_like(gate)), gate.clamp(min=0), atol=1e-30)


@pytest.mark.parametrize("threads", [1, 2])
def test_no_result_depends_on_the_number_of_threads(threads):
    model = Transformer(ModelConfig(64, 96, 160, 2, 3, 1)).bfloat16()
    model.initialise(torch.Generator().manual_seed(0))
    tokens = torch.arange(1100) % 64
    before = torch.get_num_threads()
    try:
        found = []
        for n in (threads, 3):
            torch.set_num_threads(n)
            hidden = model(tokens, offsets_of((1050, 50)))
            found.append([hidden, *torch.autograd.grad(hidden.sum(), [model.blocks[0].attention_norm.weight])])
    finally:
        torch.set_num_threads(before)
    assert all(torch.equal(one, other) for one, other in zip(*found, strict=True))


def test_a_block_is_compiled_without_a_graph_break():
    model = Transformer(ModelConfig(64, 64, 96, 1, 2, 1))
    model.initialise(torch.Generator().manual_seed(0))
    tokens, offsets = torch.arange(40) % 64, offsets_of((25, 15))
    plain = model(tokens, offsets)
    model.blocks[0].compile(fullgraph=True, backend="eager")
    assert torch.allclose(plain, model(tokens, offsets), atol=1e-5)


# The chunked loss


def plain_loss(hidden: Tensor, weight: Tensor, targets: Tensor, reduction: str) -> Tensor:
    logits = (hidden @ weight.t()).double()
    losses = F.cross_entropy(logits, targets, reduction="none")
    return {"none": losses, "sum": losses.sum(), "mean": losses.sum() / (targets != -100).sum().clamp(min=1)}[reduction]


def loss_inputs(tokens: int, vocabulary: int, dtype: torch.dtype) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(tokens)
    hidden = torch.randn(tokens, 32, generator=generator).to(dtype).requires_grad_()
    weight = (torch.randn(vocabulary, 32, generator=generator) / 4).to(dtype).requires_grad_()
    targets = torch.randint(vocabulary, (tokens,), generator=generator)
    targets[::5] = -100
    return hidden, weight, targets


@pytest.fixture(params=[1 << 30, 7 * 50 * 4, 1], ids=["one chunk", "chunks of a few rows", "chunks of one row"])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(loss.CHUNK_BYTES, "cpu", request.param)


@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5), (torch.bfloat16, 2e-2)]
)
def test_loss_and_gradients_are_the_plain_ones_however_it_is_chunked(chunk, path, reduction, dtype, tolerance):
    hidden, weight, targets = loss_inputs(23, 50, dtype)
    ours = linear_cross_entropy(hidden, weight, targets, reduction=reduction)
    wide = [x.detach().double().requires_grad_() for x in (hidden, weight)]
    exact = plain_loss(*wide, targets, reduction)
    slope = torch.linspace(0.5, 2, exact.numel()).view(exact.shape)
    assert ours.dtype == torch.promote_types(dtype, torch.float32)
    grads = torch.autograd.grad(ours, (hidden, weight), slope.to(ours.dtype))
    for mine, theirs in zip((ours, *grads), (exact, *torch.autograd.grad(exact, wide, slope.double())), strict=True):
        assert (mine - theirs).abs().max() <= tolerance * max(1.0, theirs.abs().max())


@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
def test_gradcheck_of_the_loss_holds_in_float64(chunk, reduction):
    hidden, weight, targets = loss_inputs(6, 11, torch.float64)
    assert torch.autograd.gradcheck(
        lambda h, w: linear_cross_entropy(h, w, targets, reduction=reduction), (hidden, weight)
    )


def test_ignored_tokens_have_no_loss_and_no_gradient(chunk, path):
    hidden, weight, targets = loss_inputs(10, 50, torch.float32)
    losses = linear_cross_entropy(hidden, weight, targets, reduction="none")
    (grad,) = torch.autograd.grad(linear_cross_entropy(hidden, weight, targets), hidden)
    assert (losses[::5] == 0).all() and (losses[1:5] > 0).all()
    assert (grad[::5] == 0).all() and (grad[1:5] != 0).any(dim=1).all()


def test_without_a_single_target_the_mean_is_zero_and_not_nan():
    hidden, weight, targets = loss_inputs(4, 50, torch.float32)
    mean = linear_cross_entropy(hidden, weight, torch.full_like(targets, -100))
    mean.backward()
    assert mean == 0 and (weight.grad == 0).all()


def test_the_same_loss_whether_gradients_are_wanted_or_not(path):
    hidden, weight, targets = loss_inputs(40, 300, torch.bfloat16)
    with torch.no_grad():
        alone = linear_cross_entropy(hidden, weight, targets)
    assert torch.equal(alone, linear_cross_entropy(hidden, weight, targets).detach())
    frozen = linear_cross_entropy(hidden, weight.detach(), targets)
    assert torch.autograd.grad(frozen, hidden)[0].shape == hidden.shape


def test_under_autocast_the_head_is_multiplied_in_bfloat16():
    hidden, weight, targets = loss_inputs(40, 300, torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        cast = linear_cross_entropy(hidden, weight, targets)
    cast.backward()
    assert torch.equal(cast, linear_cross_entropy(hidden.bfloat16(), weight.bfloat16(), targets))
    assert weight.grad.dtype == torch.float32


@pytest.mark.parametrize("wrong", [50, 1000, -1])
def test_a_target_past_the_vocabulary_is_refused_with_its_position(wrong):
    hidden, weight, targets = loss_inputs(10, 50, torch.float32)
    targets[7] = wrong
    with pytest.raises(PretrainError, match=rf"target {wrong} at position 7 is outside the vocabulary of 50"):
        linear_cross_entropy(hidden, weight, targets)


def test_shapes_that_do_not_fit_the_loss_are_refused():
    hidden, weight, targets = loss_inputs(10, 50, torch.float32)
    with pytest.raises(PretrainError, match=r"\(10, 32\), \(50, 16\), \(10,\)"):
        linear_cross_entropy(hidden, weight[:, :16], targets)


def test_a_user_without_a_home_has_the_kernels_of_torch_and_a_warning(monkeypatch):
    def home() -> None:
        raise RuntimeError("Could not determine home directory.")

    if cpu_native.library() is None:
        pytest.skip("no C++ compiler on this machine")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(cpu_native.Path, "home", home)
    with pytest.warns(UserWarning, match="run through torch, more slowly: Could not determine home"):
        assert cpu_native.library.__wrapped__() is None
