"""The container's pid 1: forks clean processes for each run, watches them, proves the container clean again.

Pid 1 never reads a run's data: it forks a watcher, and the watcher forks the program's and the driver's process before
it reads the job, so both start from memory that has seen no other run. The watcher (root, but able only to change uid
and to kill) measures, ends and reports facts; the host decides the verdict. After each run pid 1 kills whatever is
left, empties what is writable, and looks for leftovers; if it finds one it says so and ends, and the container is
replaced.
"""

import contextlib
import functools
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.inside import commands, confine, driver, runner, watch, wire

STREAM_ENDED = 77


def main(setup: dict[str, Any]) -> None:
    """Serve runs until the host closes the stream. `setup` has `uid` (the first of three) and the forbidden calls."""
    os.umask(0o022)
    uids = [setup["uid"] + n for n in range(3)]
    problems = _sweep(uids)
    wire.send(1, {"hello": {"python": sys.version.split()[0], "problems": problems}})
    while not problems:
        watcher = os.fork()
        if watcher == 0:
            _guarded(lambda: _watch_one(uids, setup["forbidden"]))
        status = os.waitstatus_to_exitcode(os.waitpid(watcher, 0)[1])
        if status == STREAM_ENDED:
            break
        problems = _sweep(uids)
        if status != 0:
            problems.append(f"the watcher ended with status {status}")
    if problems:
        wire.send(1, {"fault": "; ".join(problems)})
    os._exit(0)


def _guarded(life: Callable[[], None]) -> None:
    """Run the life of a forked process; whatever happens, it never returns into its parent's code."""
    try:
        life()
    except BaseException as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__)]
        os.write(2, f"{type(error).__name__}: {error} (lines {lines})\n".encode(errors="replace"))
        os._exit(70)
    os._exit(0)


def _sweep(uids: list[int]) -> list[str]:
    """Kill every process but pid 1, reap them, empty what is writable; the list of what is still there."""
    _kill_all()
    confine.empty(uids, confine.WRITABLE)
    problems = [
        f"process {entry.name} is left" for entry in os.scandir("/proc") if entry.name.isdigit() and entry.name != "1"
    ]
    for folder in confine.WRITABLE:
        problems += [f"{folder}/{entry.name!r} is left" for entry in os.scandir(folder)]
    for table in ("shm", "sem", "msg"):
        if len(Path("/proc/sysvipc", table).read_bytes().splitlines()) > 1:
            problems.append(f"a System V {table} object is left")
    return problems


def _kill_all() -> None:
    """The kernel holds the task list while it signals all of them, and a fork under way restarts into its signal."""
    while True:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        try:
            while os.waitpid(-1, 0):
                pass
        except ChildProcessError:
            return


def _watch_one(uids: list[int], forbidden: dict[str, list[int]]) -> None:
    """One run: fork the two processes, read the job, watch, send the facts."""
    confine.adopt_orphans()
    stdin = os.memfd_create("stdin")
    out, err = os.pipe(), os.pipe()
    program_end, driver_end, channel = _pair(), _pair(), _pair()
    outputs = {1: out[1], 2: err[1]}
    pids = []
    for uid, ends, life in (
        (uids[0], {0: stdin, 3: program_end[1], 4: channel[0], **outputs}, runner.run_program),
        (uids[1], {3: driver_end[1], 4: channel[1], **outputs}, driver.run_tests),
    ):
        pid = os.fork()
        if pid == 0:
            fds = ends if 0 in ends else {0: os.open("/dev/null", os.O_RDONLY), **ends}
            _guarded(functools.partial(_live, uid, fds, forbidden, life))
        pids.append(pid)
    for fd in (out[1], err[1], program_end[1], driver_end[1], *channel):
        os.close(fd)
    job = wire.receive(0)
    if job is None:
        os._exit(STREAM_ENDED)
    if "steps" in job:  # another way to judge: these two are not needed
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        _send_facts(commands.run_commands(job, uids, forbidden, watch.wake_on_child()))
        return
    os.write(stdin, job["stdin"].encode("utf-8", "surrogatepass"))
    os.lseek(stdin, 0, os.SEEK_SET)
    run = watch.Run(job, pids[0], pids[1], program_end[0], driver_end[0], out[0], err[0])
    _send_facts(run.watch(lambda source: _start_linter(uids[2], source, job, forbidden)))


def _send_facts(facts: dict[str, Any]) -> None:
    """What the compiler made is for the host's cache alone: where it is too much for one frame, it is made again."""
    try:
        wire.send(1, {"facts": facts})
    except wire.WireError:
        wire.send(1, {"facts": {**facts, "artefact": None}})


def _live(uid: int, fds: dict[int, int], forbidden: dict[str, list[int]], life: Callable[[], None]) -> None:
    confine.become(uid, fds, forbidden)
    life()


def _pair() -> tuple[int, int]:
    a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    return a.detach(), b.detach()


def _start_linter(uid: int, source: str, job: dict[str, Any], forbidden: dict[str, list[int]]) -> tuple[int, int]:
    """Start the linter on the source as a third user: its pid and the end of its output."""
    code = os.memfd_create("source")
    os.write(code, source.encode("utf-8", "replace"))
    os.lseek(code, 0, os.SEEK_SET)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:

        def life() -> None:
            confine.become(uid, {0: code, 1: writing, 2: os.open("/dev/null", os.O_WRONLY)}, forbidden)
            confine.limit({**job["limits"], "cpu_s": watch.LINT_S})
            os.execv(job["lint"][0], job["lint"])

        _guarded(life)
    os.close(writing)
    os.close(code)
    return pid, reading
