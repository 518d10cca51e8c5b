"""Calls functions that parse hostile text (an answer handed to a computer-algebra system) in worker processes with limits.

The functions are ours and trusted; what they are given is not. A worker that hangs is killed, one that dies is replaced, and
neither takes the run with it.
"""

import asyncio
import functools
import hashlib
import importlib
import importlib.metadata
import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

TIMEOUT_S = 5.0
MEMORY_BYTES = 1 << 30
LONGEST = 20_000
"""Characters of one text that is handed over; a longer "answer" is a model that ran away."""
START_S = 60.0
"""Until a new worker has imported what it needs, on a busy machine."""
CALLS_PER_WORKER = 5_000
"""A computer-algebra system caches without bound."""
LIBRARIES = ("math-verify", "latex2sympy2-extended", "sympy")
"""What answers are compared with besides our own code."""


async def call(function: str, **values: Any) -> dict[str, Any]:
    """What `package.module:name` says of `values`; `{"failed": "too_long" | "timeout" | "crash"}` where it could not."""
    if any(len(value) > LONGEST for value in values.values() if isinstance(value, str)):
        return {"failed": "too_long"}
    pool = _pool(asyncio.get_running_loop())
    worker = await pool.get()
    try:
        worker, found = await _ask(worker, function, values)
    except asyncio.CancelledError:
        if worker:
            _kill(worker)  # its answer would be taken for that to the next question
        worker = None
        raise
    finally:
        pool.put_nowait(worker)
    return found


async def close() -> None:
    """End the workers of this event loop that are idle; a run does so at its end."""
    pool = _pool(asyncio.get_running_loop())
    while not pool.empty():
        worker = pool.get_nowait()
        if worker and worker.returncode is None:
            worker.kill()
            await worker.wait()
    _pool.cache_clear()


@functools.cache
def version(function: str) -> str:
    """Names what decides the function's answers, for the keys of recorded checks: the sources of its whole package, since it
    calls its neighbours, and the libraries that read mathematics.
    """
    digest = hashlib.sha256(function.encode())
    for path in _sources(function.partition(":")[0].partition(".")[0]):
        digest.update(f"\n{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    for library in LIBRARIES:
        digest.update(f"\n{library} {_installed(library)}".encode())
    return digest.hexdigest()[:16]


def _sources(package: str) -> list[Path]:
    """The Python files of a package, or of a module that is in none."""
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(f"no module named {package!r}", name=package)
    folders = spec.submodule_search_locations
    if folders is None:
        return [Path(spec.origin)] if spec.origin else []
    return sorted(path for folder in folders for path in Path(folder).rglob("*.py"))


def _installed(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


Worker = asyncio.subprocess.Process


@functools.lru_cache(maxsize=1)  # another event loop gets workers of its own
def _pool(loop: asyncio.AbstractEventLoop) -> "asyncio.Queue[Worker | None]":
    pool: asyncio.Queue[Worker | None] = asyncio.Queue()
    for _ in range(max(1, len(os.sched_getaffinity(0)) // 2)):
        pool.put_nowait(None)
    return pool


async def _ask(worker: Worker | None, function: str, values: dict[str, Any]) -> tuple[Worker | None, dict[str, Any]]:
    if worker is None or worker.returncode is not None:
        worker = await _start(function)
    assert worker.stdin and worker.stdout
    try:
        worker.stdin.write(json.dumps([function, values]).encode() + b"\n")
        line = await asyncio.wait_for(worker.stdout.readline(), TIMEOUT_S)
        answer = json.loads(line)
    except TimeoutError:
        _kill(worker)
        return None, {"failed": "timeout"}
    except (ValueError, OSError):
        _kill(worker)
        return None, {"failed": "crash"}
    return (None if answer.get("worn") else worker), answer["result"]


async def _start(function: str) -> Worker:
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # nothing is imported from the working directory
        "-m",
        "verification.workers",
        function,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is the run's affair
    )
    assert worker.stdout
    try:
        await asyncio.wait_for(worker.stdout.readline(), START_S)
    except TimeoutError:
        _kill(worker)
    return worker


def _kill(worker: Worker) -> None:
    if worker.returncode is None:
        worker.kill()


def _work() -> None:
    """The worker: a line with a question in, a line with the answer out, until its input ends."""
    import resource

    _imported(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints is no answer
    print("ready", file=answers, flush=True)
    for number, line in enumerate(sys.stdin, 1):
        function, values = json.loads(line)
        try:
            result = _imported(function)(**values)
        except (Exception, RecursionError, MemoryError) as error:  # a parser may raise anything on hostile text
            result = {"failed": "crash", "detail": f"{type(error).__name__}: {error}"[:300]}
        worn = number >= CALLS_PER_WORKER
        print(json.dumps({"result": result, "worn": worn}), file=answers, flush=True)
        if worn:
            return


def _imported(function: str) -> Any:
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)


if __name__ == "__main__":
    _work()
