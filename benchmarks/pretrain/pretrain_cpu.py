"""Training steps of the SmolLM2-135M shape on this CPU: `pretrain` against the Hugging Face `Trainer` and litgpt.

    python benchmarks/pretrain/pretrain_cpu.py [--litgpt-python VENV/bin/python] [--rows 2] [--steps 1] [--repeats 3]
                                      [--dtype float32] [--json FILE]

The same token rows, documents, targets and batch for all; forward, backward, clipping and AdamW; the sides alternate,
each in a process of its own, after a step that warms up. Computation is in bfloat16 throughout, or in float32, for CPUs
that would emulate bfloat16. In bfloat16 the peers also keep weights and AdamW's moments in it, which is their fastest
setting here; ours keeps both in float32.

`packed`: rows of 2,048 tokens made of documents of mean length 256. The Trainer gets position ids that restart at each
document, from which transformers makes a block-diagonal mask for SDPA. litgpt has no document mask: it runs as it is,
causal over the whole row. `single`: each row is one document; the Trainer and litgpt then use SDPA's causal kernel.

litgpt pins other versions, so it lives in an environment of its own; without `--litgpt-python` it is left out.
"""

import argparse
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

LENGTH, MEAN_DOCUMENT, VOCABULARY = 2048, 256, 49152
LAYOUTS = ("packed", "single")
HEADS, KV_HEADS, HEAD_DIM = 9, 3, 64


def main() -> None:
    options = _options()
    if options.worker:
        print(json.dumps(WORKERS[options.worker](options)))
        return
    sides = ["ours", "trainer", *(["litgpt"] if options.litgpt_python else [])]
    if not options.litgpt_python:
        print("litgpt is left out: no --litgpt-python")
    with tempfile.TemporaryDirectory() as folder:
        options.folder = Path(folder)
        _write_checkpoint(options.folder / "checkpoint")
        for layout in LAYOUTS:
            np.savez(options.folder / f"{layout}.npz", **_rows(layout, (options.steps + 1) * options.rows))
        kernels = _in_a_process("kernels", "packed", options)
        _print_kernels(kernels)
        found: dict[str, dict[str, list[dict[str, Any]]]] = {x: {side: [] for side in sides} for x in LAYOUTS}
        for repeat in range(options.repeats):
            for layout in LAYOUTS:
                for side in sides if repeat % 2 == 0 else sides[::-1]:
                    result = _in_a_process(side, layout, options)
                    found[layout][side].append(result)
                    print(f"{repeat + 1} {layout:<7}{side:<8}{result['tokens_per_s']:>7.0f} tokens/s", flush=True)
    _print_training(found)
    if options.json:
        options.json.write_text(json.dumps({"kernels": kernels, "training": found}, indent=1))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--litgpt-python", type=Path, help="Python of an environment with litgpt")
    parser.add_argument(
        "--litgpt-compile", action="store_true", help="torch.compile litgpt's model, as `litgpt pretrain` does"
    )
    parser.add_argument("--rows", type=int, default=2, help="rows of 2,048 tokens in a step")
    parser.add_argument("--steps", type=int, default=1, help="timed steps of a process, after one that warms up")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--dtype", choices=("bfloat16", "float32"), default="bfloat16", help="what all sides compute in"
    )
    parser.add_argument("--json", type=Path, help="write every single figure here")
    parser.add_argument("--worker", choices=WORKERS, help=argparse.SUPPRESS)
    parser.add_argument("--layout", choices=LAYOUTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_a_process(worker: str, layout: str, options: argparse.Namespace) -> dict[str, Any]:
    python = str(options.litgpt_python) if worker == "litgpt" else sys.executable
    command = [python, __file__, "--worker", worker, "--layout", layout, "--folder", str(options.folder)]
    command += ["--rows", str(options.rows), "--steps", str(options.steps), "--dtype", options.dtype]
    command += ["--litgpt-compile"] if options.litgpt_compile else []
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{worker} on {layout} failed:\n{done.stderr[-4000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _rows(layout: str, count: int) -> dict[str, np.ndarray]:
    """tokens and positions, (count, LENGTH): Zipf-like token ids, documents of log-normal length."""
    random = np.random.default_rng(0)
    tokens = np.minimum(random.zipf(1.2, (count, LENGTH)) - 1, VOCABULARY - 1)
    positions = np.tile(np.arange(LENGTH), (count, 1))
    if layout == "packed":
        for row in positions:
            start = 0
            while start < LENGTH:
                # exp(mu + sigma^2 / 2) = MEAN_DOCUMENT, sigma = 0.8; the last document of a row is cut.
                length = max(8, int(random.lognormal(np.log(MEAN_DOCUMENT) - 0.32, 0.8)))
                row[start : start + length] = np.arange(len(row[start : start + length]))
                start += length
    return {"tokens": tokens, "positions": positions}


def _steps(options: argparse.Namespace) -> list[dict[str, Tensor]]:
    """For each step: tokens, positions and targets, (rows, LENGTH) int64; a document's last token has no target."""
    data = np.load(options.folder / f"{options.layout}.npz")
    tokens, positions = torch.from_numpy(data["tokens"]), torch.from_numpy(data["positions"])
    targets = torch.full_like(tokens, -100)
    targets[:, :-1] = tokens[:, 1:].where(positions[:, 1:] > 0, -100)
    whole = {"tokens": tokens, "positions": positions, "targets": targets}
    return [
        {name: x[start : start + options.rows] for name, x in whole.items()}
        for start in range(0, len(tokens), options.rows)
    ]


def _write_checkpoint(folder: Path) -> None:
    """One initialisation for ours and the Trainer, so that their losses must agree."""
    from pretrain.huggingface import save_huggingface
    from pretrain.model import Transformer
    from pretrain.sizes import size

    model = Transformer(size("smollm2-135m"))
    model.initialise(torch.Generator().manual_seed(0))
    save_huggingface(model, folder)


def _figures(options: argparse.Namespace, seconds: list[float], losses: list[float]) -> dict[str, Any]:
    return {
        "tokens_per_s": options.rows * LENGTH / statistics.median(seconds[1:]),
        "seconds": [round(s, 3) for s in seconds],
        "losses": [round(loss, 4) for loss in losses],
        "peak_rss_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9,
    }


def _ours(options: argparse.Namespace) -> dict[str, Any]:
    from pretrain.data.packing import PackedBatch
    from pretrain.huggingface import load_huggingface
    from pretrain.training.learner import Learner
    from pretrain.training.schedules import Training

    model = load_huggingface(options.folder / "checkpoint")
    learner = Learner(model, Training(tokens=1, dtype=options.dtype), mesh=None)
    seconds, losses = [], []
    for step in _steps(options):
        began = time.perf_counter()
        starts = (step["positions"].flatten() == 0).nonzero()[:, 0]
        offsets = torch.cat((starts, starts.new_tensor([step["tokens"].numel()]))).int()
        targets = step["targets"].flatten()
        n_targets = int((targets != -100).sum())
        batch = PackedBatch(step["tokens"].flatten(), targets, offsets, n_targets, options.rows)
        losses.append(learner.backward(batch, n_targets))
        learner.clip()
        learner.update(1e-5, skip=False)
        seconds.append(time.perf_counter() - began)
    return _figures(options, seconds, losses)


def _trainer(options: argparse.Namespace) -> dict[str, Any]:
    from transformers import AutoModelForCausalLM, Trainer, TrainerCallback, TrainingArguments

    class Clock(TrainerCallback):
        seconds: list[float]
        began: float

        def on_step_begin(self, *_: Any, **__: Any) -> None:
            self.began = time.perf_counter()

        def on_step_end(self, *_: Any, **__: Any) -> None:
            self.seconds.append(time.perf_counter() - self.began)

    rows = [
        # The model shifts labels itself: the label of a document's first token would be predicted from the one before.
        {"input_ids": tokens, "position_ids": positions, "labels": tokens.where(positions > 0, -100)}
        for step in _steps(options)
        for tokens, positions in zip(step["tokens"], step["positions"], strict=True)
    ]
    model = AutoModelForCausalLM.from_pretrained(
        options.folder / "checkpoint", dtype=getattr(torch, options.dtype), attn_implementation="sdpa"
    )
    arguments = TrainingArguments(
        output_dir=str(options.folder / "trainer"),
        per_device_train_batch_size=options.rows,
        max_steps=options.steps + 1,
        learning_rate=1e-5,
        lr_scheduler_type="constant",
        weight_decay=0.1,
        adam_beta2=0.95,
        max_grad_norm=1.0,
        optim="adamw_torch_fused",
        use_cpu=True,
        train_sampling_strategy="sequential",
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    clock = Clock()
    clock.seconds = []
    trainer = Trainer(model=model, args=arguments, train_dataset=rows, callbacks=[clock])  # type: ignore[arg-type]
    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    return _figures(options, clock.seconds, [float(loss) for loss in losses])


def _litgpt(options: argparse.Namespace) -> dict[str, Any]:
    """The steps of `litgpt pretrain` (its fit()), in its own precision bf16-true (or 32-true) and with the head tied."""
    import lightning
    from litgpt.config import Config
    from litgpt.model import GPT
    from litgpt.utils import chunked_cross_entropy

    precision: Any = "bf16-true" if options.dtype == "bfloat16" else "32-true"
    fabric = lightning.Fabric(accelerator="cpu", devices=1, precision=precision)
    with fabric.init_module():
        model = GPT(Config.from_name("SmolLM2-135M", block_size=LENGTH))
    model.transformer.wte.weight = model.lm_head.weight
    model.apply(model._init_weights)
    if options.litgpt_compile:
        model = torch.compile(model)
    model = fabric.setup(model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
    optimizer = fabric.setup_optimizers(optimizer)
    seconds, losses = [], []
    for step in _steps(options):
        began = time.perf_counter()
        loss = chunked_cross_entropy(model(step["tokens"]), step["targets"])
        fabric.backward(loss)
        fabric.clip_gradients(model, optimizer, max_norm=1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
        seconds.append(time.perf_counter() - began)
    return _figures(options, seconds, losses)


def _kernels(options: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds of attention alone over one row, forward and forward with backward, each way."""
    from pretrain.kernels import attention

    table: dict[str, Any] = {}
    for layout in LAYOUTS:
        positions = torch.from_numpy(np.load(options.folder / f"{layout}.npz")["positions"][0])
        offsets = torch.cat(((positions == 0).nonzero()[:, 0], torch.tensor([LENGTH]))).int()
        bounds = offsets.tolist()
        document = (positions == 0).cumsum(0)
        mask = (document[:, None] == document).tril()
        for dtype in (torch.bfloat16, torch.float32):
            torch.manual_seed(0)
            qkv = [torch.randn(LENGTH, n, HEAD_DIM, dtype=dtype) for n in (HEADS, KV_HEADS, KV_HEADS)]

            def dense(*qkv: Tensor, mask: Tensor = mask) -> Tensor:
                heads_first = (x.transpose(0, 1)[None] for x in qkv)
                return F.scaled_dot_product_attention(*heads_first, attn_mask=mask, enable_gqa=True)[0].transpose(0, 1)

            def loop(*qkv: Tensor, bounds: list[int] = bounds) -> Tensor:
                parts = []
                for start, end in itertools.pairwise(bounds):
                    one = (x[start:end].transpose(0, 1)[None] for x in qkv)
                    parts.append(F.scaled_dot_product_attention(*one, is_causal=True, enable_gqa=True)[0])
                return torch.cat(parts, dim=1).transpose(0, 1)

            def ours(*qkv: Tensor, offsets: Tensor = offsets) -> Tensor:
                return attention(*qkv, offsets)

            ways = {"ours": ours, "SDPA, dense mask": dense, "SDPA, loop over documents": loop}
            times: dict[str, list[list[float]]] = {name: [] for name in ways}
            for _ in range(5):
                for name, way in ways.items():
                    times[name].append(_forward_and_both(way, qkv))
            table[f"{layout}, {str(dtype)[6:]}"] = {
                name: [statistics.median(column) for column in zip(*runs, strict=True)] for name, runs in times.items()
            }
    return table


def _forward_and_both(way: Callable[..., Tensor], qkv: list[Tensor]) -> list[float]:
    with torch.no_grad():
        began = time.perf_counter()
        grad = torch.ones_like(way(*qkv))
        forward = time.perf_counter() - began
    inputs = [x.requires_grad_() for x in qkv]
    began = time.perf_counter()
    torch.autograd.grad(way(*inputs), inputs, grad)
    return [1e3 * forward, 1e3 * (time.perf_counter() - began)]


WORKERS = {"ours": _ours, "trainer": _trainer, "litgpt": _litgpt, "kernels": _kernels}


def _print_kernels(table: dict[str, Any]) -> None:
    print(f"\nattention alone, one row of {LENGTH:,} tokens, {HEADS}/{KV_HEADS} heads of {HEAD_DIM}, ms (median of 5)")
    print(f"{'':<20}{'':<28}{'forward':>9}{'with backward':>15}{'ours is faster by':>19}")
    for layout, ways in table.items():
        for name, (forward, both) in ways.items():
            ratio = "" if name == "ours" else f"{forward / ways['ours'][0]:.1f}x {both / ways['ours'][1]:.1f}x"
            print(f"{layout:<20}{name:<28}{forward:>9.1f}{both:>15.1f}{ratio:>19}")
    print(flush=True)


def _print_training(found: dict[str, dict[str, list[dict[str, Any]]]]) -> None:
    print(f"\n{'':<8}{'':<9}{'tokens/s':>10}{'range':>12}{'peak RSS, GB':>14}{'ours / it':>11}{'range':>12}   losses")
    for layout, sides in found.items():
        for side, runs in sides.items():
            speeds = [run["tokens_per_s"] for run in runs]
            ratios = [mine["tokens_per_s"] / run["tokens_per_s"] for mine, run in zip(sides["ours"], runs, strict=True)]
            ratio = f"{statistics.median(ratios):>10.2f}x{f'{min(ratios):.2f}-{max(ratios):.2f}':>12}"
            losses = ", ".join(f"{loss:.3f}" for loss in runs[-1]["losses"])
            spread = f"{min(speeds):.0f}-{max(speeds):.0f}"
            memory = max(run["peak_rss_gb"] for run in runs)
            print(
                f"{layout:<8}{side:<9}{statistics.median(speeds):>10.0f}{spread:>12}{memory:>14.2f}"
                f"{ratio if side != 'ours' else '':>23}   {losses}"
            )


if __name__ == "__main__":
    main()
