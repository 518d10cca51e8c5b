"""A tiny pre-training for tests: seeded text, its shards, a model, a loader. As a script: runs that kill themselves.

As in `python tests/stand_ins/pretrain_training.py DATA OUT step:7 writing:12 end`.
"""

import json
import os
import random
import signal
import sys
from pathlib import Path

import numpy as np
import torch

from pretrain.data.loader import Loader, Source
from pretrain.data.shards import Manifest, write_manifest, write_shard
from pretrain.model import ModelConfig, Transformer
from pretrain.training import states as checkpoint
from pretrain.training.metrics import StepRecord
from pretrain.training.trainer import Trained, Training, held_out_loss, train

VOCABULARY = 128
CONFIG = ModelConfig(
    vocab_size=VOCABULARY,
    hidden_size=64,
    intermediate_size=128,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=256,
    tie_word_embeddings=True,
)
SHORT = Training(
    tokens=20 * 512,
    lr=3e-3,
    warmup_tokens=2048,
    batch_tokens=512,
    sequence_length=128,
    checkpoint_every=6,
    evaluate_every=5,
)


def text(seed: int) -> list[str]:
    """Documents of sentences over a small vocabulary, some far longer than a row."""
    draw = random.Random(seed)
    letters = "etaoinshrdlu"
    words = ["".join(draw.choices(letters, k=draw.randint(1, 8))) for _ in range(60)]
    sentences = [" ".join(draw.choices(words, k=draw.randint(3, 9))) for _ in range(80)]
    return [". ".join(draw.choices(sentences, k=draw.choice((1, 2, 4, 12)))) + "." for _ in range(400)]


def shards(folder: Path, seed: int = 0) -> Path:
    """Text as shards, a byte a token; each document ends in 0."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = [np.frombuffer(document.encode() + b"\0", dtype=np.uint8) for document in text(seed)]
    tokens, lengths = np.concatenate(documents), np.array([len(document) for document in documents])
    shard = write_shard(folder, "shard-00000", tokens.astype(np.uint32), lengths, VOCABULARY)
    manifest = Manifest(
        source="text",
        tokenizer="bytes",
        tokenizer_sha256="0" * 64,
        vocabulary_size=VOCABULARY,
        dtype="uint16",
        bos_id=None,
        eos_id=0,
        n_documents=len(documents),
        n_tokens=len(tokens),
        n_characters=len(tokens),
        fingerprint="text",
        shards=(shard,),
    )
    write_manifest(folder, manifest)
    return folder


def model() -> Transformer:
    """The same weights every time."""
    made = Transformer(CONFIG)
    made.initialise(torch.Generator().manual_seed(0))
    return made


def loader(data: Path, part: str = "train", packing: str = "sequential") -> Loader:
    """Batches of the shards."""
    source = Source(data, name="text", held_out=0.05)
    return Loader([source], sequence_length=128, rows=4, seed=0, part=part, packing=packing)


def run(data: Path, out: Path | None, training: Training = SHORT, **options: object) -> Trained:
    """Train the tiny model, evaluating on held-out documents."""
    held_out = [loader(data, part="held-out").batch()]
    return train(
        model(), loader(data), training, out, evaluate=lambda m: {"held_out": held_out_loss(m, held_out)}, **options
    )  # type: ignore[arg-type]


def kill() -> None:
    """As kill -9, or a machine that loses power."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_run(data: Path, out: Path, when: str) -> None:
    """Train, and die at the point that `when` names."""
    point, _, step = when.partition(":")

    def on_step(record: StepRecord) -> None:
        if point == "step" and record.step == int(step):
            kill()

    write = checkpoint.dcp.save

    def write_half(tensors: dict[str, object], *, checkpoint_id: Path, **options: bool) -> None:
        write(tensors, checkpoint_id=checkpoint_id, **options)
        if point == "writing" and f"{int(step):08d}" in checkpoint_id.name:
            file = next(checkpoint_id.glob("*.distcp"))
            os.truncate(file, file.stat().st_size // 2)
            kill()

    checkpoint.dcp.save = write_half
    run(data, out, on_step=on_step)


def main(data: str, out: str, *points: str) -> None:
    """One process for each point, one after the other; prints how each ended and what states it left.

    Forked, since importing torch takes longer than the runs; nothing has run in this process that a fork would break.
    """
    for when in points:
        child = os.fork()
        if not child:
            dying_run(Path(data), Path(out), when)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        states = sorted(path.name for path in (Path(out) / "state" / "train").iterdir())
        print(json.dumps([when, os.waitstatus_to_exitcode(status), states]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
