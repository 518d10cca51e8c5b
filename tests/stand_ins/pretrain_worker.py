"""What every process of a distributed training test runs: the same trainings, one after the other.

python tests/stand_ins/pretrain_worker.py 2 SHARDS OUT '[{"name": ...}]'

It starts as many processes as torchrun would, and tells them the same, but imports torch once for all of them. Rank 0 writes `<OUT>/<name>.json`. `train_once` is also what the tests call for the run of one process.
"""

import dataclasses
import json
import os
import signal
import socket
import sys
import traceback
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
import torch.distributed as dist
from torch.distributed.tensor import DTensor

from pretrain.data.loader import Loader, Source
from pretrain.data.shards import Manifest, write_manifest, write_shard
from pretrain.distributed.mesh import Mesh, setup
from pretrain.distributed.parallel import parallelize
from pretrain.model import ModelConfig, Transformer, initial_weights
from pretrain.objective import Objective
from pretrain.training.trainer import Training, held_out_loss, train

VOCABULARY = 256
ROWS, LENGTH = 2, 256
"""Cut into four chunks by two context ranks, so that every row is cut in its middle."""
TRAINING = Training(
    tokens=50 * ROWS * LENGTH,
    lr=3e-3,
    warmup_tokens=5 * ROWS * LENGTH,
    batch_tokens=ROWS * LENGTH,
    sequence_length=LENGTH,
)


@dataclass
class Run:
    """One training."""

    name: str
    parallel: dict[str, int] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    tied: bool = False
    blank: bool = False
    """The model comes without memory; its weights come one by one, or with the state."""
    state: str = ""
    """Where its states lie; also where it goes on from. Empty: it writes none."""


def write_shards(folder: Path) -> None:
    """Documents of 1 to 400 tokens, more than a row, in which a token says something about the next."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 400, size=300)
    steps = rng.integers(1, 4, size=lengths.sum())
    tokens = (np.cumsum(steps) % (VOCABULARY - 1) + 1).astype(np.uint16)
    folder.mkdir(parents=True)
    shard = write_shard(folder, "shard-00000", tokens, lengths, VOCABULARY)
    manifest = Manifest(
        source="test",
        tokenizer="none",
        tokenizer_sha256="0",
        vocabulary_size=VOCABULARY,
        dtype="uint16",
        bos_id=None,
        eos_id=0,
        n_documents=len(lengths),
        n_tokens=len(tokens),
        n_characters=len(tokens),
        shards=(shard,),
    )
    write_manifest(folder, manifest)


def new_model(tied: bool = False, head_dim: int = 16) -> Transformer:
    """Two layers, width 64, the same weights in every process."""
    config = ModelConfig(
        vocab_size=VOCABULARY,
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=head_dim,
        tie_word_embeddings=tied,
    )
    model = Transformer(config)
    model.initialise(torch.Generator().manual_seed(0))
    return model


def train_once(run: Run, shards: Path, mesh: Mesh | None) -> dict[str, Any]:
    """The run's curve, and the held-out loss of the model it returned."""
    data_rank, data_size = (mesh.data_rank, mesh.data_size) if mesh else (0, 1)
    source = [Source(shards)]
    loader = Loader(source, sequence_length=LENGTH, rows=ROWS, seed=0, rank=data_rank, world_size=data_size)
    records = []
    model, weights = new_model(run.tied), None
    if run.blank:
        weights = initial_weights(model.config, torch.Generator().manual_seed(0))
        model.to("meta")
    trained = train(
        model,
        loader,
        dataclasses.replace(TRAINING, **run.training),
        Path(run.state) if run.state else None,
        mesh=mesh,
        weights=weights,
        on_step=records.append,
    )
    held_out = Loader(source, sequence_length=LENGTH, rows=ROWS, seed=1)
    return {
        "steps": [record.step for record in records],
        "loss": [record.loss for record in records],
        "grad_norm": [record.grad_norm for record in records],
        "held_out": held_out_loss(trained.model, [held_out.batch()]),
    }


def held_share(mesh: Mesh) -> float:
    """Which share of the parameters lies on this rank."""
    model = new_model()
    whole = sum(parameter.numel() for parameter in model.parameters())
    parallelize(Objective(model), mesh, torch.float32)
    return sum(cast(DTensor, parameter).to_local().numel() for parameter in model.parameters()) / whole


def main(shards: str, out: str, runs: str) -> None:
    """Train each run; sizes of the mesh differ, the processes stay."""
    torch.set_num_threads(1)
    # The default backend would spend a minute on C++ that says nothing about gradients between ranks.
    torch.compile = partial(torch.compile, backend="aot_eager")
    for run in (Run(**fields) for fields in json.loads(runs)):
        mesh = setup(**run.parallel)
        assert mesh is not None, "none of the processes of a `start`"
        result = {**train_once(run, Path(shards), mesh), "held": held_share(mesh)}
        if mesh.rank == 0:
            (Path(out) / f"{run.name}.json").write_text(json.dumps(result), encoding="utf-8")
    dist.barrier()
    dist.destroy_process_group()


def start(processes: int, *arguments: str) -> int:
    """`main` in each of them; 1 as soon as one fails, which ends the others."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(free.getsockname()[1])}
    running: set[int] = set()
    for rank in range(processes):
        if pid := os.fork():
            running.add(pid)
            continue
        os.environ.update(address, RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE=str(processes))
        try:
            main(*arguments)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
    while running:
        pid, status = os.wait()
        running.discard(pid)
        if status:
            for other in running:
                os.kill(other, signal.SIGKILL)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(start(int(sys.argv[1]), *sys.argv[2:]))
