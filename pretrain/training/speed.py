"""How fast a size trains on this machine: whole steps, forward, backward and AdamW, on packed rows of random tokens."""

import resource
import statistics
import time
from dataclasses import dataclass

import torch

from pretrain.data.packing import PackedBatch
from pretrain.model import ModelConfig, Transformer, parameter_count, training_flops
from pretrain.training.learner import Learner
from pretrain.training.progress import matmul_peak
from pretrain.training.schedules import Training


@dataclass(frozen=True)
class Speed:
    """What one size does on this machine."""

    device: str
    dtype: str
    parameters: int
    tokens_per_step: int
    mean_document: float
    """Tokens."""
    step_s: float
    """Median of the steps timed."""
    tokens_per_s: float
    flops_per_s: float
    """Operations the model needs (`training_flops`) per second."""
    matmul_peak: float
    """Operations per second of a plain matrix product, measured beside it."""
    utilisation: float
    peak_memory_bytes: int
    """Of the GPU, or the process's resident memory."""


def bench(
    config: ModelConfig,
    *,
    sequence_length: int,
    rows: int,
    mean_document: int | None,
    dtype: str,
    steps: int,
    compile: bool,
) -> Speed:
    """Time `steps` whole steps after two that warm up. Without `mean_document` each row is one document."""
    config.check_length(sequence_length, "a row")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = Transformer(config).to(device)
    model.initialise()
    training = Training(tokens=1, lr=1e-5, dtype=dtype, compile=compile)
    learner = Learner(model, training, mesh=None)
    batch = random_batch(config.vocab_size, sequence_length, rows, mean_document, seed=0)
    times = []
    for step in range(steps + 2):
        began = time.perf_counter()
        learner.backward(batch, batch.n_targets)
        learner.clip()
        learner.update(training.lr, skip=False)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        if step >= 2:
            times.append(time.perf_counter() - began)
    step_s, lengths = statistics.median(times), batch.document_offsets.diff().tolist()
    flops, peak = training_flops(config, lengths) / step_s, matmul_peak(device, dtype)
    return Speed(
        device=torch.cuda.get_device_name(device)
        if device.type == "cuda"
        else f"{torch.get_num_threads()} CPU threads",
        dtype=dtype,
        parameters=parameter_count(config),
        tokens_per_step=rows * sequence_length,
        mean_document=rows * sequence_length / len(lengths),
        step_s=step_s,
        tokens_per_s=rows * sequence_length / step_s,
        flops_per_s=flops,
        matmul_peak=peak,
        utilisation=flops / peak,
        peak_memory_bytes=torch.cuda.max_memory_allocated(device)
        if device.type == "cuda"
        else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def random_batch(vocab_size: int, sequence_length: int, rows: int, mean_document: int | None, seed: int) -> PackedBatch:
    """Rows of random tokens; the lengths of their documents are exponential about the mean, cut at the row's end."""
    generator = torch.Generator().manual_seed(seed)
    bounds = [0]
    for row in range(rows):
        end = (row + 1) * sequence_length
        while mean_document and bounds[-1] < end:
            drawn = torch.empty(()).exponential_(1 / mean_document, generator=generator)
            bounds.append(min(end, bounds[-1] + 1 + int(drawn)))
        if bounds[-1] < end:
            bounds.append(end)
    tokens = torch.randint(0, vocab_size, (rows * sequence_length,), generator=generator)
    targets = tokens.roll(-1)
    targets[torch.tensor(bounds[1:]) - 1] = -100
    offsets = torch.tensor(bounds, dtype=torch.int32)
    return PackedBatch(tokens, targets, offsets, int((targets != -100).sum()), rows)
