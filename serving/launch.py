"""Starts vLLM's engine with what a machine of few cores, or a GPU, needs, and takes it down again."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkpoints.files import read_object
from checkpoints.loading import ONE_LOAD
from checkpoints.precision import compute_dtype
from serving.engine import Sampling

if TYPE_CHECKING:
    from recipes.schema import Serving

Say = Callable[[str], None]
SPINS = 3000
"""How often a waiting OpenMP thread looks again before it sleeps: some tens of microseconds. A decoding step is hundreds of
short parallel regions, and without it each pays a sleep and a wake-up (alone 60 ms a step of 24 requests, with it 50; of 96,
197 and 151). Three times as many, beside a sandbox, cost more than they gave: a thread then spins for one that has no core.
docs/measured/lab-notebook.md has the figures."""


def prepare_environment(settings: Serving) -> None:
    """What has to be set before torch and vLLM are first imported; what the user has set stays."""
    # OpenMP's threads spin while they wait for each other: with a sandbox on the same cores that costs half of the speed.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", str(SPINS))
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    os.environ["PYTHONSAFEPATH"] = "1"  # vLLM starts `python -m`, which would import from the working directory
    os.environ["VLLM_CPU_KVCACHE_SPACE"] = str(max(1, round(settings.kv_cache_gb)))


def start_vllm(path: Path, settings: Serving, say: Say) -> Any:
    on_gpu = has_gpu()
    os.environ.setdefault("VLLM_ENABLE_V1_MULTIPROCESSING", "1" if on_gpu else "0")
    say("importing vLLM")
    with quiet_stderr(), contextlib.nullcontext() if on_gpu else uncompiled():
        from vllm.engine.arg_utils import EngineArgs
        from vllm.v1.engine.llm_engine import LLMEngine

        if not on_gpu:
            register_class(path)
        say(f"loading {path.name} and warming up")
        arguments = EngineArgs(
            model=str(path),
            dtype=compute_dtype(),
            max_model_len=settings.max_model_len,
            max_num_seqs=settings.max_in_flight,
            gpu_memory_utilization=settings.gpu_memory_utilization,
            tensor_parallel_size=settings.tensor_parallel_size,
            seed=settings.seed,
            enable_prefix_caching=True,
            block_size=None
            if on_gpu
            else 32,  # the CPU default of 128 leaves most prompts without one full block to share
            disable_log_stats=True,
            enforce_eager=not on_gpu,  # on CPU compiling gains 3-5% of speed and costs 40 s at every start
        )
        gc.freeze()  # vLLM collects garbage again and again as it starts: not in what was imported, half a second each
        with ONE_LOAD:
            return LLMEngine.from_engine_args(arguments)


@contextlib.contextmanager
def uncompiled() -> Any:
    """Modules that are imported meanwhile compile nothing. Eager or not, vLLM would compile what ranks log-probabilities when
    they are first asked for: 15 to 20 s for one small function.
    """
    name = "TORCHDYNAMO_DISABLE"
    if name in os.environ:  # the user's own word
        yield
        return
    os.environ[name] = "1"
    try:
        yield
    finally:
        del os.environ[name]


def register_class(path: Path) -> None:
    """Tell vLLM the model's class itself: of a name it would import all of vLLM once more, in a process of its own, to look at
    the class (at the first start on a machine; some 15 s on two cores). With a GPU that process keeps CUDA out of this one.
    """
    from vllm.model_executor.models import ModelRegistry

    config = read_object(path / "config.json")
    for name in config.get("architectures") or ():
        if known := ModelRegistry.models.get(name):
            ModelRegistry.register_model(name, known.load_model_cls())


def stop_vllm(engine: Any) -> None:
    from vllm.distributed import cleanup_dist_env_and_memory

    with quiet_stderr():
        engine.engine_core.shutdown()
        cleanup_dist_env_and_memory()


def repack_tied_head(worker: Any) -> None:
    """vLLM 0.32 on CPU: its reload passes over an output head tied to the embeddings, and leaves the head's packed copy stale."""
    model = worker.get_model()
    if getattr(model.config, "tie_word_embeddings", False) and hasattr(model, "lm_head"):
        model.lm_head.tie_weights(model.model.embed_tokens)
        model.lm_head.quant_method.process_weights_after_loading(model.lm_head)


def sampling_params(sampling: Sampling, max_tokens: int) -> Any:
    from vllm.sampling_params import RequestOutputKind, SamplingParams, StructuredOutputsParams

    # No per-request seed: with chunked prefill it kills the CPU engine ("CPU Generator does not use offset").
    # What makes a run repeatable is its ledger.
    grammar = None
    if sampling.constrained:
        choice = list(sampling.choice) if sampling.choice else None
        grammar = StructuredOutputsParams(regex=sampling.regex, choice=choice, json=sampling.json_schema)
    return SamplingParams(
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        top_k=sampling.top_k,
        max_tokens=max_tokens,
        stop=list(sampling.stop),
        include_stop_str_in_output=True,
        structured_outputs=grammar,
        output_kind=RequestOutputKind.DELTA,
    )


def has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


@contextlib.contextmanager
def quiet_stderr() -> Any:
    """vLLM and its libraries print progress bars and warnings of no use to our reader; errors still come as exceptions."""
    if os.environ.get("LAB_DEBUG"):
        yield
        return
    import sys

    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
