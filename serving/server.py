"""`lab serve`: vLLM's own OpenAI-compatible server on a checkpoint; this process becomes it."""

import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from checkpoints import directory as checkpoints
from checkpoints.precision import compute_dtype
from checkpoints.weights import refuse_other_weights
from serving.engine import ServingError
from serving.launch import has_gpu, quiet_stderr
from serving.without_seeds import WithoutSeeds

COMPILES = ("--enforce-eager", "--no-enforce-eager", "--compilation-config", "-O", "-O0", "-O1", "-O2", "-O3")
"""Options by which the user says himself whether vLLM compiles."""


def exec_server(checkpoint: str, arguments: Sequence[str]) -> None:
    """Replace this process by vLLM's server. Loopback unless the arguments say otherwise; on a CPU nothing is compiled
    unless they ask for it, and seeds are dropped.
    """
    path = checkpoints.find(checkpoint)
    if importlib.util.find_spec("vllm") is None:
        raise ServingError("vLLM is not installed in this Python; `make install` installs it")
    with quiet_stderr():
        refuse_other_weights(path)
    given = list(arguments)
    defaults = {
        "--host": "127.0.0.1",
        "--served-model-name": path.name,
        "--block-size": "32",
        "--dtype": compute_dtype(),
    }
    for option, value in defaults.items():
        if not any(argument.split("=")[0] == option for argument in given):
            given += [option, value]
    if not has_gpu():
        if not any(argument.split("=")[0] in COMPILES for argument in given):
            given.append("--enforce-eager")  # as in process: compiling costs every start more than it gives
            os.environ.setdefault(
                "TORCHDYNAMO_DISABLE", "1"
            )  # or what ranks log-probabilities is compiled all the same
        given += ["--middleware", f"{WithoutSeeds.__module__}.{WithoutSeeds.__name__}"]
        ours = str(Path(__file__).resolve().parents[1])  # the server's process takes nothing from its working directory
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH"))))
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "2")
    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    os.environ["PYTHONSAFEPATH"] = "1"  # for the processes that vLLM starts by `python -m`
    # Not the program `vllm`: in the CPU wheel it looks for a package of that very name and finds none.
    server = [sys.executable, "-P", "-m", "vllm.entrypoints.openai.api_server", "--model", str(path)]
    os.execv(sys.executable, [*server, *given])
