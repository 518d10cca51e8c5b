"""`lab serve`: vLLM's own OpenAI-compatible server on a checkpoint; this process becomes it."""

import contextlib
import errno
import importlib.util
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from checkpoints import directory as checkpoints
from checkpoints.precision import compute_dtype
from checkpoints.weights import refuse_other_weights
from serving.ending import EndsInTime
from serving.engine import ServingError
from serving.launch import has_gpu, quiet_stderr
from serving.without_seeds import WithoutSeeds

COMPILES = {"--enforce-eager", "--no-enforce-eager", "--compilation-config", "-O", "-O0", "-O1", "-O2", "-O3"}
"""Options by which the user says himself whether vLLM compiles."""
LOOPBACK = "127.0.0.1"
LAST_PORT = 65535


def exec_server(checkpoint: str, arguments: Sequence[str]) -> None:
    """Replace this process by vLLM's server. Loopback unless the arguments say otherwise; on a CPU nothing is compiled
    unless they ask for it, and seeds are dropped.
    """
    path = checkpoints.find(checkpoint)
    given, said = list(arguments), options_said(arguments)
    if not said.get("--uds"):
        refuse_taken_port(said.get("--host", LOOPBACK), said.get("--port", "8000"))
    if importlib.util.find_spec("vllm") is None:
        raise ServingError("vLLM is not installed in this Python; `make install` installs it")
    with quiet_stderr():
        refuse_other_weights(path)
    defaults = {
        "--host": LOOPBACK,
        "--served-model-name": path.name,
        "--block-size": "32",
        "--dtype": compute_dtype(),
    }
    for option, value in defaults.items():
        if option not in said:
            given += [option, value]
    given += ["--middleware", f"{EndsInTime.__module__}.{EndsInTime.__name__}"]
    ours = str(Path(__file__).resolve().parents[1])  # the server's process takes nothing from its working directory
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH"))))
    if not has_gpu():
        if not said.keys() & COMPILES:
            given.append("--enforce-eager")  # as in process: compiling costs every start more than it gives
            os.environ.setdefault(
                "TORCHDYNAMO_DISABLE", "1"
            )  # or what ranks log-probabilities is compiled all the same
        given += ["--middleware", f"{WithoutSeeds.__module__}.{WithoutSeeds.__name__}"]
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "2")
    os.environ.setdefault("VLLM_NO_USAGE_STATS", "1")
    os.environ["PYTHONSAFEPATH"] = "1"  # for the processes that vLLM starts by `python -m`
    # Not the program `vllm`: in the CPU wheel it looks for a package of that very name and finds none.
    server = [sys.executable, "-P", "-m", "vllm.entrypoints.openai.api_server", "--model", str(path)]
    os.execv(sys.executable, [*server, *given])


def refuse_taken_port(host: str, port: str) -> None:
    """Raises ServingError where somebody listens there, or we may not, or no port has that number: vLLM says so by a traceback.
    What is no number is vLLM's to tell.
    """
    if port.isdecimal() and int(port) > LAST_PORT:
        raise ServingError(f"there is no port {port}; ports are numbers up to {LAST_PORT}")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(
                socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
            )  # as servers do: what ended a moment ago holds nobody back
            tried.bind(address)
    except (ValueError, OverflowError):
        return
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise ServingError(
                f"cannot listen on port {port} of {host}: {os.strerror(error.errno).lower()}; another one: lab serve ... -- --port N"
            ) from None


def options_said(arguments: Sequence[str]) -> dict[str, str]:
    """What arguments say of options of vLLM's server, which takes `_` for `-`, a field of an option behind a dot, and a file of options;
    a word alone has what follows it for its value. A file that cannot be read is vLLM's to tell.
    """
    said: dict[str, str] = {}
    for at, argument in enumerate(arguments):
        if argument.startswith("-"):
            key, equals, value = argument.partition("=")
            said[_spelled(key)] = value if equals else "".join(arguments[at + 1 : at + 2])
    if file := said.get("--config"):
        with contextlib.suppress(OSError, TypeError, ValueError, yaml.YAMLError):
            found = yaml.safe_load(Path(file).read_text())
            said = {_spelled(f"--{key}"): str(value) for key, value in dict(found or {}).items()} | said
    return said


def _spelled(key: str) -> str:
    return key.partition(".")[0].replace("_", "-")
