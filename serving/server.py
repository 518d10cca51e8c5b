"""`lab serve`: vLLM's own OpenAI-compatible server on a checkpoint; this process becomes it."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from serving import checkpoint as checkpoints
from serving.engine import ServingError


def exec_server(checkpoint: str, arguments: Sequence[str]) -> None:
    """Replace this process by `vllm serve`. Loopback unless the arguments say otherwise."""
    path = checkpoints.find(checkpoint)
    beside = Path(sys.executable).with_name("vllm")
    program = str(beside) if beside.exists() else shutil.which("vllm")
    if not program:
        raise ServingError("vllm is not installed beside this Python; `make install` installs it")
    given = list(arguments)
    defaults = {"--host": "127.0.0.1", "--served-model-name": path.name, "--block-size": "32", "--dtype": "bfloat16"}
    for option, value in defaults.items():
        if not any(argument.split("=")[0] == option for argument in given):
            given += [option, value]
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "2")
    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    os.execv(program, [program, "serve", str(path), *given])
