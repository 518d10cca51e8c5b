"""Main memory a rank takes at its peak: a model that no rank holds whole, against one that every rank builds first.

    python benchmarks/pretrain/pretrain_memory.py --ranks 4 --layers 32

Each side is its own start of torchrun (gloo, CPU, float32): build, shard, one optimizer step, one evaluation. The least a
rank can do with is its shard of weights, gradients and two moments, 16 bytes a parameter over all ranks.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor

from pretrain.data.packing import PackedBatch
from pretrain.distributed.gather import gathered, whole
from pretrain.distributed.mesh import setup
from pretrain.model import ModelConfig, Transformer, blank, initial_weights, parameter_count
from pretrain.training.learner import Learner
from pretrain.training.schedules import Training
from pretrain.training.trainer import held_out_loss

TOKENS = 256
GB = 1e9


def main() -> None:
    """Start both sides, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ranks", type=int, default=4)
    parser.add_argument("--layers", type=int, default=32)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        measure(options.side, config(options.layers), Path(options.out))
        return
    parameters = parameter_count(config(options.layers))
    print(f"{parameters / 1e9:.2f}B parameters, float32 {4 * parameters / GB:.1f} GB, {options.ranks} ranks on CPUs")
    print(f"least a rank can do with: {16 * parameters / options.ranks / GB:.1f} GB\n")
    print("| peak of a rank, GB, after | " + " | ".join(SIDES.values()) + " |\n|---|" + "---:|" * len(SIDES))
    peaks = {side: launch(side, options.ranks, options.layers) for side in SIDES}
    for when in ("imports", "building and sharding", "one step", "one evaluation"):
        print(f"| {when} | " + " | ".join(f"{peaks[side][when]:.1f}" for side in SIDES) + " |")


SIDES = {"whole": "every rank builds and evaluates the whole", "blocks": "one block at a time (ours)"}


def config(layers: int) -> ModelConfig:
    """Deep, narrow and of a small vocabulary, so that a block and the head are small beside the whole, as in a 70B."""
    return ModelConfig(
        vocab_size=8_000,
        hidden_size=1024,
        intermediate_size=4096,
        num_hidden_layers=layers,
        num_attention_heads=16,
        num_key_value_heads=4,
    )


def launch(side: str, ranks: int, layers: int) -> dict[str, float]:
    """The peaks of rank 0."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "peaks.json"
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(ranks)]
        command += [__file__, "--side", side, "--layers", str(layers), "--out", str(out)]
        # What is freed goes back at once, as on a GPU: the peak is what was in use, not what glibc kept for later.
        environment = {**os.environ, "MALLOC_MMAP_THRESHOLD_": str(1 << 16), "OMP_NUM_THREADS": "1"}
        environment["PYTHONPATH"] = str(Path(__file__).parents[2])
        subprocess.run(command, env=environment, check=True)
        return json.loads(out.read_text())


def measure(side: str, shape: ModelConfig, out: Path) -> None:
    """One rank's part."""
    mesh = setup()
    assert mesh is not None
    peaks = {"imports": peak()}
    training = Training(tokens=TOKENS, lr=1e-4, batch_tokens=TOKENS, sequence_length=TOKENS)
    generator = torch.Generator().manual_seed(0)
    if side == "whole":
        model = Transformer(shape)
        model.initialise(generator)
        learner = Learner(model, training, mesh)
    else:
        learner = Learner(blank(shape), training, mesh, initial_weights(shape, generator))
    peaks["building and sharding"] = peak()
    batch = one_document(shape)
    learner.backward(batch, TOKENS * mesh.data_size)
    learner.clip()
    learner.update(1e-4, skip=False)
    peaks["one step"] = peak()
    evaluated = whole_copy(shape, learner.weights) if side == "whole" else gathered(shape, learner.weights)
    held_out_loss(evaluated, [batch])
    peaks["one evaluation"] = peak()
    if mesh.rank == 0:
        out.write_text(json.dumps(peaks))
    dist.barrier()
    dist.destroy_process_group()


def whole_copy(shape: ModelConfig, weights: dict[str, torch.nn.Parameter]) -> Transformer:
    """The whole model on every rank, as evaluation needed it before."""
    copy = blank(shape)
    copy.load_state_dict({name: whole(weight.detach()) for name, weight in weights.items()}, assign=True)
    return copy


def one_document(shape: ModelConfig) -> PackedBatch:
    """Random tokens that predict each other's next."""
    tokens: Tensor = torch.randint(shape.vocab_size, (TOKENS,), generator=torch.Generator().manual_seed(1))
    return PackedBatch(tokens, tokens.roll(-1), torch.tensor([0, TOKENS], dtype=torch.int32), rows=1, n_targets=TOKENS)


def peak() -> float:
    """Largest resident size of this process so far, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GB


if __name__ == "__main__":
    main()
