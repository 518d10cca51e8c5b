"""Children of trainings that start with torch and TRL in memory: one process imports them once, and is copied for each child.

What takes a test's time is importing, eight seconds of a core for each child. From its first line on, a copy does what `python -m
alignment` does, with its own environment, files and parent; how a fresh one starts, other tests show.
"""

import contextlib
import ctypes
import importlib
import json
import os
import runpy
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

TRAINERS = tuple(f"trl.trainer.{name}_trainer" for name in ("sft", "dpo", "reward"))
HEAVY = ("torch.distributed.fsdp", *TRAINERS, "alignment.child", "alignment.trainings.sft", "alignment.trainings.dpo")
"""What each child would import."""
PR_SET_CHILD_SUBREAPER = 36
MOST = 1 << 20
"""Bytes of one request."""


@contextlib.contextmanager
def warm_process() -> Iterator[Any]:
    """Stands in for the module `subprocess` of `alignment.child` while it lasts."""
    from alignment.child import child_environment

    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    environment = {**os.environ, **child_environment(), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-P", str(Path(__file__).resolve()), str(theirs.fileno())]
    with ours, subprocess.Popen(command, env=environment, pass_fds=[theirs.fileno()]) as warm:
        theirs.close()
        assert ours.recv(MOST) == b"warm", "the process that is copied has ended"

        class Copied(subprocess.Popen[bytes]):
            """A child that was copied and not started; waited for and killed like any other."""

            def __init__(
                self, command: list[str], *, cwd: Path, stdout: int, stderr: Any, stdin: int, env: dict[str, str]
            ) -> None:
                assert command[1:4] == ["-P", "-m", "alignment"] and stdin == subprocess.DEVNULL
                cores = sorted(os.sched_getaffinity(0))
                request = {"words": command[3:], "cwd": str(cwd), "env": env, "cores": cores, "parent": os.getpid()}
                with adopting():
                    socket.send_fds(ours, [json.dumps(request).encode()], [stdout, stderr.fileno()])
                    self.pid = int(ours.recv(MOST))
                    assert ours.recv(MOST) == b"alone"
                self.args, self.returncode, self._waitpid_lock = command, None, threading.Lock()
                self.stdin = self.stdout = self.stderr = None
                self._child_created, self._sigint_wait_secs = True, 0.25

        try:
            yield SimpleNamespace(Popen=Copied, TimeoutExpired=subprocess.TimeoutExpired, DEVNULL=subprocess.DEVNULL)
        finally:
            ours.shutdown(socket.SHUT_RDWR)
            warm.wait(timeout=20)


@contextlib.contextmanager
def adopting() -> Iterator[None]:
    """Whoever loses its parent meanwhile becomes a child of this process."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def main(link: socket.socket) -> None:
    """The side that is copied."""
    for name in HEAVY:
        importlib.import_module(name)
    link.send(b"warm")
    while True:
        asked, files, _, _ = socket.recv_fds(link, MOST, 2)
        if not asked:
            return
        between = os.fork()
        if between:
            for file in files:
                os.close(file)
            os.waitpid(between, 0)
            link.send(b"alone")
        elif pid := os.fork():  # the child's parent ends at once, so that the test's process is its parent
            link.send(str(pid).encode())
            os._exit(0)
        else:
            link.close()
            become(json.loads(asked), files)
            return


def become(request: dict[str, Any], files: list[int]) -> None:
    """Goes on as the child that is asked for. Raises SystemExit."""
    while os.getppid() != request["parent"]:
        os.sched_yield()
    with Path(os.devnull).open() as nothing:
        for number, file in enumerate((nothing.fileno(), *files)):
            os.dup2(file, number)
    for file in files:
        os.close(file)
    os.chdir(request["cwd"])
    os.sched_setaffinity(0, request["cores"])
    os.environ.clear()
    os.environ.update(request["env"])
    import torch

    torch.set_num_threads(int(request["env"]["OMP_NUM_THREADS"]))
    sys.argv = request["words"]
    runpy.run_module(request["words"][0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
