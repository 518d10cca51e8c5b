"""Attention on one GPU: our kernels beside what a user would pick instead, forward and backward, in one call.

    python benchmarks/pretrain/kernels_gpu.py [--tokens 2048 8192] [--json figures.json]

32 query heads, 8 key-value heads, head size 128, bfloat16; one document, and documents of log-normal lengths packed to
the same number of tokens (fixed seed). TFLOP/s count the products a causal mask inside each document leaves, 4 x H x D
for each pair of a query and a key it sees, and 2.5 times that backward. Each contender gets its best correct input:

    ours        pretrain.kernels.attention: offsets, nothing prepared
    flex        compiled FlexAttention, enable_gqa; its block mask built (compiled) outside the time, and shown as `mask`
    varlen      torch.nn.attention.varlen.varlen_attn, enable_gqa (FlashAttention-2)
    cudnn       SDPA's cuDNN backend: is_causal for one document
    flash       SDPA's FlashAttention-2 backend: is_causal for one document
    nested      SDPA on a jagged nested tensor, is_causal, for packed documents
    dense       SDPA under a dense boolean mask, where its memory allows

Medians of `triton.testing.do_bench`. Every contender's output and gradients are compared with a float64 reference first.
"""

import argparse
import functools
import inspect
import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

sys.path.insert(0, str(Path(__file__).parents[2]))

from pretrain.kernels import attention, reference

HEADS, KV_HEADS, HEAD_DIM = 32, 8, 128
DTYPE = torch.bfloat16
Run = Callable[[Tensor, Tensor, Tensor], Tensor]


@dataclass
class Case:
    """One input: documents packed to `tokens`."""

    documents: str
    tokens: int
    lengths: list[int]

    @property
    def offsets(self) -> Tensor:
        ends = torch.tensor(self.lengths).cumsum(0)
        return torch.cat((torch.zeros(1, dtype=torch.int64), ends)).to("cuda", torch.int32)

    @property
    def flops(self) -> float:
        """Of the forward pass."""
        return 4.0 * HEADS * HEAD_DIM * sum(length * (length + 1) / 2 for length in self.lengths)


@dataclass
class Figure:
    documents: str
    tokens: int
    contender: str
    forward_ms: float
    backward_ms: float
    forward_tflops: float
    backward_tflops: float
    mask_ms: float = 0.0
    """What must be built anew for every batch before the call, where it is not part of it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tokens", type=int, nargs="+", default=[2048, 4096, 8192, 16384, 32768])
    parser.add_argument("--only", nargs="+", choices=list(CONTENDERS), help="contenders to run (default: all)")
    parser.add_argument("--rep", type=int, default=60, help="milliseconds of repetitions of each timing")
    parser.add_argument("--json", type=Path, help="write every figure there")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        sys.exit("needs a CUDA device")
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}, bf16 matmul {matmul_tflops():.0f} TFLOP/s")
    figures: list[Figure] = []
    for tokens in options.tokens:
        for documents, mean in (("one", tokens), ("mean 512", 512), ("mean 2k", 2048)):
            if documents != "one" and mean >= tokens:
                continue
            case = Case(documents, tokens, [tokens] if documents == "one" else lengths(tokens, mean))
            for name in options.only or CONTENDERS:
                if (figure := measure(name, case, options)) is not None:
                    figures.append(figure)
                    print(row(figure), flush=True)
            if options.json:
                options.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=1))
    print("\n" + summary(figures))


def lengths(tokens: int, mean: int, seed: int = 0) -> list[int]:
    """Document lengths around `mean`, log-normal with sigma 0.8, that fill `tokens` exactly."""
    generator = torch.Generator().manual_seed(seed)
    found: list[int] = []
    while sum(found) < tokens:
        length = math.exp(math.log(mean) - 0.32 + 0.8 * torch.randn((), generator=generator).item())
        found.append(max(1, min(round(length), tokens - sum(found))))
    return found


def measure(name: str, case: Case, options: argparse.Namespace) -> Figure | None:
    """Checked, then timed; None (and the reason on stderr) where a contender cannot take the case."""
    from triton.testing import do_bench

    try:
        prepared = CONTENDERS[name](case)
        if prepared is None:
            return None
        run, mask_ms = prepared
        check(name, case.documents)
        generator = torch.Generator("cuda").manual_seed(1)
        shapes = ((case.tokens, HEADS), (case.tokens, KV_HEADS), (case.tokens, KV_HEADS))
        q, k, v = (
            torch.randn(*shape, HEAD_DIM, device="cuda", dtype=DTYPE, generator=generator).requires_grad_()
            for shape in shapes
        )
        out = run(q, k, v)
        grad = torch.randn(out.shape, device="cuda", dtype=DTYPE, generator=generator)
        with torch.no_grad():
            forward = do_bench(lambda: run(q, k, v), warmup=15, rep=options.rep, return_mode="median")
        backward = do_bench(
            lambda: torch.autograd.grad(out, (q, k, v), grad, retain_graph=True),
            warmup=15,
            rep=options.rep,
            return_mode="median",
        )
    except Exception as error:  # a contender that refuses must not cost the others their figures
        print(f"{case.documents} {case.tokens} {name}: {type(error).__name__}: {str(error)[:150]!r}", file=sys.stderr)
        return None
    speeds = (case.flops / forward / 1e9, 2.5 * case.flops / backward / 1e9)
    return Figure(case.documents, case.tokens, name, forward, backward, *speeds, mask_ms)


@functools.cache
def check(name: str, documents: str) -> None:
    """Output and gradients of a contender on a small case against float64."""
    case = Case(documents, 512, [512] if documents == "one" else [200, 1, 57, 254])
    prepared = CONTENDERS[name](case)
    assert prepared is not None
    generator = torch.Generator("cuda").manual_seed(2)
    inputs = [
        torch.randn(512, heads, HEAD_DIM, device="cuda", dtype=DTYPE, generator=generator).requires_grad_()
        for heads in (HEADS, KV_HEADS, KV_HEADS)
    ]
    grad = torch.randn(512, HEADS, HEAD_DIM, device="cuda", dtype=DTYPE, generator=generator)
    out = prepared[0](*inputs)
    found = (out, *torch.autograd.grad(out, inputs, grad.view(out.shape)))
    wide = [x.detach().double().requires_grad_() for x in inputs]
    truth = reference.attention(*wide, case.offsets, HEAD_DIM**-0.5)
    for ours, theirs in zip(found, (truth, *torch.autograd.grad(truth, wide, grad.double())), strict=True):
        error = ((ours.view(theirs.shape).double() - theirs).norm() / theirs.norm()).item()
        if not error < 1e-2:
            raise ValueError(f"wrong by {error:.1e}")


def ours(case: Case) -> tuple[Run, float]:
    offsets = case.offsets
    return lambda q, k, v: attention(q, k, v, offsets), 0.0


def flex(case: Case) -> tuple[Run, float]:
    from triton.testing import do_bench

    document = torch.repeat_interleave(torch.tensor(case.lengths, device="cuda"))

    def causal(batch: Tensor, head: Tensor, row: Tensor, key: Tensor) -> Tensor:
        return row >= key

    def inside(batch: Tensor, head: Tensor, row: Tensor, key: Tensor) -> Tensor:
        return (row >= key) & (document[row] == document[key])

    visible = causal if case.documents == "one" else inside
    flex_attention, create_block_mask = compiled_flex()

    def build() -> object:
        return create_block_mask(visible, None, None, case.tokens, case.tokens, device="cuda")

    mask = build()
    mask_ms = do_bench(build, warmup=5, rep=20, return_mode="median")

    def run(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        batched = (x.transpose(0, 1)[None] for x in (q, k, v))
        return flex_attention(*batched, block_mask=mask, enable_gqa=True)[0].transpose(0, 1)

    return run, 0.0 if case.documents == "one" else mask_ms


@functools.cache
def compiled_flex() -> tuple[Callable[..., Tensor], Callable[..., object]]:
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    torch._dynamo.config.cache_size_limit = 64
    return torch.compile(flex_attention, dynamic=False), torch.compile(create_block_mask, dynamic=False)


def varlen(case: Case) -> tuple[Run, float]:
    from torch.nn.attention.varlen import varlen_attn

    known = inspect.signature(varlen_attn).parameters
    options: dict[str, object] = {"window_size": (-1, 0)} if "window_size" in known else {"is_causal": True}
    if "enable_gqa" in known:
        options["enable_gqa"] = True
    offsets, longest = case.offsets, max(case.lengths)
    return lambda q, k, v: varlen_attn(q, k, v, offsets, offsets, longest, longest, **options), 0.0


def _one_document(case: Case, backend: SDPBackend) -> tuple[Run, float] | None:
    if case.documents != "one":
        return None

    def run(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        batched = (x.transpose(0, 1)[None] for x in (q, k, v))
        with sdpa_kernel(backend):
            return F.scaled_dot_product_attention(*batched, is_causal=True, enable_gqa=True)[0].transpose(0, 1)

    return run, 0.0


def cudnn(case: Case) -> tuple[Run, float] | None:
    return _one_document(case, SDPBackend.CUDNN_ATTENTION)


def flash(case: Case) -> tuple[Run, float] | None:
    return _one_document(case, SDPBackend.FLASH_ATTENTION)


def nested(case: Case) -> tuple[Run, float] | None:
    """Jagged tensors know no grouped heads: keys and values are repeated, inside the time."""
    if case.documents == "one":
        return None
    offsets = case.offsets.long()
    shortest, longest = min(case.lengths), max(case.lengths)

    def jagged(x: Tensor) -> Tensor:
        nested = torch.nested.nested_tensor_from_jagged(x, offsets, min_seqlen=shortest, max_seqlen=longest)
        return nested.transpose(1, 2)

    def run(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        k, v = (x.repeat_interleave(HEADS // KV_HEADS, dim=1) for x in (k, v))
        out = F.scaled_dot_product_attention(jagged(q), jagged(k), jagged(v), is_causal=True)
        return out.transpose(1, 2).values()

    return run, 0.0


def dense(case: Case) -> tuple[Run, float] | None:
    if case.documents == "one" or case.tokens > 8192:
        return None
    document = torch.repeat_interleave(torch.tensor(case.lengths, device="cuda"))
    position = torch.arange(case.tokens, device="cuda")
    started = time.perf_counter()
    mask = (document[:, None] == document) & (position[:, None] >= position)
    torch.cuda.synchronize()
    mask_ms = 1e3 * (time.perf_counter() - started)

    def run(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        batched = (x.transpose(0, 1)[None] for x in (q, k, v))
        return F.scaled_dot_product_attention(*batched, attn_mask=mask, enable_gqa=True)[0].transpose(0, 1)

    return run, mask_ms


CONTENDERS: dict[str, Callable[[Case], tuple[Run, float] | None]] = {
    "ours": ours,
    "flex": flex,
    "varlen": varlen,
    "cudnn": cudnn,
    "flash": flash,
    "nested": nested,
    "dense": dense,
}


def matmul_tflops(size: int = 8192) -> float:
    """What this device reaches on a large bfloat16 product of random matrices."""
    from triton.testing import do_bench

    a, b = (torch.randn(size, size, device="cuda", dtype=DTYPE) for _ in range(2))
    return 2 * size**3 / do_bench(lambda: a @ b, warmup=50, rep=150, return_mode="median") / 1e9


def row(figure: Figure) -> str:
    mask = f"  mask {figure.mask_ms:.2f} ms" if figure.mask_ms else ""
    return (
        f"{figure.documents:<9}{figure.tokens:>6} {figure.contender:<7} "
        f"forward {figure.forward_ms:8.3f} ms {figure.forward_tflops:4.0f}   "
        f"backward {figure.backward_ms:8.3f} ms {figure.backward_tflops:4.0f} TFLOP/s{mask}"
    )


def summary(figures: list[Figure]) -> str:
    """TFLOP/s forward / backward, a row for each case and a column for each contender."""
    names = [name for name in CONTENDERS if any(figure.contender == name for figure in figures)]
    lines = ["TFLOP/s forward/backward".ljust(26) + "".join(f"{name:>11}" for name in names)]
    for case in dict.fromkeys((figure.documents, figure.tokens) for figure in figures):
        cells = {f.contender: f for f in figures if (f.documents, f.tokens) == case}
        text = {name: f"{f.forward_tflops:.0f}/{f.backward_tflops:.0f}" for name, f in cells.items()}
        lines.append(f"{case[0]:<10}{case[1]:>6}".ljust(26) + "".join(f"{text.get(name, '-'):>11}" for name in names))
    return "\n".join(lines)


if __name__ == "__main__":
    main()
