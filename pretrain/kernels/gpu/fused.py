"""What is worth a kernel of its own on a GPU beside attention: the cross-entropy of a chunk of logits.

RMSNorm, RoPE and SwiGLU have none here: they are element-wise or row-wise, and `torch.compile` fuses them with their
neighbours (the residual addition, the casts), which a kernel called from outside its graph cannot.
"""

# mypy: disallow-untyped-defs=False
# A kernel's arguments have no Python types: Triton compiles the source for what a call passes.
import torch
import triton
import triton.language as tl
from torch import Tensor


@triton.jit
def cross_entropy_kernel(
    logits_ptr,  # (rows, vocabulary), rows dense
    targets_ptr,  # (rows,) int64
    losses_ptr,  # (rows,) float32
    factors_ptr,  # (rows,) float32, read where HAS_FACTORS
    row_stride,
    vocabulary,
    ignore_index,
    GRADIENT: tl.constexpr,
    HAS_FACTORS: tl.constexpr,
    BLOCK: tl.constexpr,
):
    row = tl.program_id(0).to(tl.int64)
    target = tl.load(targets_ptr + row)
    logits_ptr += row * row_stride
    columns = tl.arange(0, BLOCK)
    # Online softmax: the denominator in one pass, each lane with a maximum of its own until the end.
    top = tl.full([BLOCK], float("-inf"), tl.float32)
    total = tl.zeros([BLOCK], tl.float32)
    for start in range(0, vocabulary, BLOCK):
        x = tl.load(logits_ptr + start + columns, mask=start + columns < vocabulary, other=float("-inf")).to(tl.float32)
        new_top = tl.maximum(top, x)
        base = tl.where(new_top == float("-inf"), 0.0, new_top)
        total = total * tl.exp(top - base) + tl.exp(x - base)
        top = new_top
    highest = tl.max(top, 0)
    lse = highest + tl.log(tl.sum(total * tl.exp(top - highest), 0))
    counts = target != ignore_index
    known = (target >= 0) & (target < vocabulary)
    own = tl.load(logits_ptr + tl.where(known, target, 0)).to(tl.float32)
    loss = tl.where(counts, tl.where(known, lse - own, float("nan")), 0.0)
    tl.store(losses_ptr + row, loss)
    if GRADIENT:
        factor = tl.where(counts, 1.0, 0.0)
        if HAS_FACTORS:
            factor *= tl.load(factors_ptr + row)
        for start in range(0, vocabulary, BLOCK):
            inside = start + columns < vocabulary
            x = tl.load(logits_ptr + start + columns, mask=inside, other=float("-inf")).to(tl.float32)
            slope = (tl.exp(x - lse) - tl.where(start + columns == target, 1.0, 0.0)) * factor
            tl.store(logits_ptr + start + columns, slope.to(logits_ptr.dtype.element_ty), mask=inside)


def cross_entropy_(
    logits: Tensor, targets: Tensor, ignore_index: int = -100, gradient: bool = False, factors: Tensor | None = None
) -> Tensor:
    """Losses (rows,) float32 of logits (rows, vocabulary) against targets (rows,) int64.

    0 where the target is `ignore_index`, NaN where it is outside the vocabulary. With `gradient`, the logits become the
    gradient of the losses' sum in place, each row times its factor (rows,). Reads the logits once, twice with gradient.
    """
    rows, vocabulary = logits.shape
    losses = torch.empty(rows, dtype=torch.float32, device=logits.device)
    if rows:
        cross_entropy_kernel[(rows,)](
            logits,
            targets.contiguous(),
            losses,
            losses if factors is None else factors.float().contiguous(),
            logits.stride(0),
            vocabulary,
            ignore_index,
            GRADIENT=gradient,
            HAS_FACTORS=factors is not None,
            BLOCK=min(4096, triton.next_power_of_2(vocabulary)),
            num_warps=8,
        )
    return losses
