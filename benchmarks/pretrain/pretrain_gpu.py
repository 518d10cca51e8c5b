"""A whole training step at about 1B parameters on one GPU: our model beside torch's own attention in the same model.

    python benchmarks/pretrain/pretrain_gpu.py [--size 1b] [--tokens 16384] [--json figures.json]

Forward, backward and a fused AdamW step in bfloat16, compiled, without activation checkpointing; the head's loss is
`linear_cross_entropy`. The other side is the same model with `F.scaled_dot_product_attention(enable_gqa=True)` in place
of our kernels, compiled the same way: `is_causal` for rows of one document, a nested (jagged) batch has no compiled
grouped-query path, so packed documents get the block-masked FlexAttention. Utilisation is the arithmetic a step needs
(`pretrain.model.training_flops`: causal attention inside each document counted, embedding look-up not) over time, over
what this device reaches on an 8192^3 bfloat16 product in the same call.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from kernels_gpu import lengths, matmul_tflops

from pretrain.kernels.loss import linear_cross_entropy
from pretrain.model import Transformer, training_flops
from pretrain.sizes import size


@dataclass
class Figure:
    case: str
    side: str
    step_ms: float
    tokens_per_s: float
    tflops: float
    utilisation: float
    """Of the measured matrix product, 0 to 1."""
    memory_gib: float
    loss: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="1b")
    parser.add_argument("--tokens", type=int, default=16384, help="of one step")
    parser.add_argument("--cases", nargs="+", default=["4096", "8192", "packed"])
    parser.add_argument("--sides", nargs="+", default=["ours", "torch"])
    parser.add_argument("--steps", type=int, default=8, help="timed steps")
    parser.add_argument("--json", type=Path, help="write every figure there")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        sys.exit("needs a CUDA device")
    peak = matmul_tflops()
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}, bf16 matmul {peak:.0f} TFLOP/s")
    figures = []
    for case in options.cases:
        for side in options.sides:
            torch.compiler.reset()
            figure = measure(case, side, peak, options)
            figures.append(figure)
            print(
                f"{figure.case:<8}{figure.side:<6}{figure.step_ms:8.1f} ms {figure.tokens_per_s:8.0f} tokens/s "
                f"{figure.tflops:5.0f} TFLOP/s  utilisation {figure.utilisation:.1%}  {figure.memory_gib:.1f} GiB  "
                f"loss {figure.loss:.4f}",
                flush=True,
            )
            if options.json:
                options.json.write_text(json.dumps({"matmul": peak, "figures": [asdict(f) for f in figures]}, indent=1))


def measure(case: str, side: str, peak: float, options: argparse.Namespace) -> Figure:
    """Median of the timed steps after two that compile and settle."""
    config = size(options.size)
    documents = lengths(options.tokens, 512) if case == "packed" else [int(case)] * (options.tokens // int(case))
    torch.manual_seed(0)
    with torch.device("cuda"):
        model = Transformer(config)
        model.initialise(torch.Generator("cuda").manual_seed(0))
        tokens = torch.randint(config.vocab_size, (sum(documents),))
        targets = torch.randint(config.vocab_size, (sum(documents),))
    model.to(torch.bfloat16)
    offsets = torch.tensor([0, *torch.tensor(documents).cumsum(0).tolist()], dtype=torch.int32, device="cuda")
    if side == "torch":
        attend = torch_attention(documents, packed=case == "packed")
        for block in model.blocks:
            block.attention.attend = attend
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    compiled = torch.compile(model, dynamic=False)

    def step() -> Tensor:
        loss = linear_cross_entropy(compiled(tokens, offsets), model.output_weight, targets)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.detach()

    first = step().item()
    step()
    torch.cuda.reset_peak_memory_stats()
    times = []
    for _ in range(options.steps):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        step()
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end))
    step_ms = statistics.median(times)
    tflops = training_flops(config, documents) / step_ms / 1e9
    memory = torch.cuda.max_memory_allocated() / 2**30
    return Figure(case, side, step_ms, 1e3 * sum(documents) / step_ms, tflops, tflops / peak, memory, first)


def torch_attention(documents: list[int], packed: bool) -> Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]:
    """torch's own attention in the signature of `pretrain.kernels.attention`."""
    if packed:
        return flex_attention_of(documents)
    rows = len(documents)

    def attend(q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor) -> Tensor:
        batched = (x.unflatten(0, (rows, -1)).transpose(1, 2) for x in (q, k, v))
        out = F.scaled_dot_product_attention(*batched, is_causal=True, enable_gqa=True)
        return out.transpose(1, 2).flatten(0, 1)

    return attend


def flex_attention_of(documents: list[int]) -> Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]:
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    document = torch.repeat_interleave(torch.tensor(documents, device="cuda"))

    def inside(batch: Tensor, head: Tensor, row: Tensor, key: Tensor) -> Tensor:
        return (row >= key) & (document[row] == document[key])

    # Built once, outside the time; a training run would build it for every batch.
    mask = create_block_mask(inside, None, None, len(document), len(document), device="cuda")

    def attend(q: Tensor, k: Tensor, v: Tensor, document_offsets: Tensor) -> Tensor:
        batched = (x.transpose(0, 1)[None] for x in (q, k, v))
        return flex_attention(*batched, block_mask=mask, enable_gqa=True)[0].transpose(0, 1)

    return attend


if __name__ == "__main__":
    main()
