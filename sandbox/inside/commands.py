"""A run of commands: parse, lint, compile and test of any language, one process after the other. Runs in the container.

The watcher calls it. Sources are written by the builder, a uid the program never has; the program gets them to read.
Evidence of tests comes on descriptor 3 in lines that begin with the run's token, which the test harness read from
descriptor 4 before the program's code was loaded; lines without it are thrown away. When the harness has read itself
and says `begin`, sources and tests are taken off the disk before it is told (by the end of descriptor 4) to go on.
"""

import base64
import contextlib
import functools
import os
import secrets
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.inside import confine, wire

BOX = "/box/work"
TICK_S = 0.05
REAPED_AT_ONCE = 256
PAGE = os.sysconf("SC_PAGE_SIZE")
EVIDENCE_BYTES = 1 << 20
ARTEFACT_BYTES = 24 << 20
ALL_OUTPUT_BYTES = 16 << 20
"""Kept of all steps of a job together; more than a program's cases may expect of it."""
STEP_BYTES = 400
"""What a step's facts take beside its output."""
LAST_WORDS_BYTES = 20_000
"""Kept of what a step wrote to stderr, once the next begins."""


def run_commands(job: dict[str, Any], uids: list[int], forbidden: dict[str, list[int]], wakeup: int) -> dict[str, Any]:
    """Run the job's steps until one that must succeed does not. Returns the facts of each step.

    A step has `stage`, `argv`, `stdin`, `limits`, `stops` (exit statuses after which nothing follows; None: all but 0),
    `builder` (whether it runs as the builder) and `evidence` (whether descriptors 3 and 4 are there). Every step that is
    the program's finds the folders it may write as the first did: nothing goes from one case to the next.
    """
    for name, text in job["sources"].items():
        _as(uids[2], forbidden, functools.partial(_write, f"{BOX}/{name}", text))
    facts: list[dict[str, Any]] = []
    artefact = None
    left = ALL_OUTPUT_BYTES
    for step in job["steps"]:
        if not step["builder"] or not facts:
            confine.empty(uids[:1], confine.OF_A_PROGRAM)
            for name, text in job["files"]:
                _as(uids[0], forbidden, functools.partial(_write, f"/tmp/{name}", text))
        hide = functools.partial(_as, uids[2], forbidden, lambda: _remove(job["hidden"]))
        found = _run(step, job, uids[2] if step["builder"] else uids[0], forbidden, wakeup, hide)
        if facts:
            facts[-1]["stderr"] = base64.b64encode(base64.b64decode(facts[-1]["stderr"])[-LAST_WORDS_BYTES:]).decode()
        left -= STEP_BYTES + (len(found["stdout"]) + min(len(found["stderr"]), LAST_WORDS_BYTES)) * 3 // 4
        if left < 0:
            found["ended_by"] = found["ended_by"] or "output"
        facts.append(found)
        if step["stage"] == "compile":
            artefact = _artefact(job, facts)
        status = found["status"]
        fatal = status != 0 if step["stops"] is None else status in step["stops"]
        if fatal or found["ended_by"]:
            break
    return {"steps": facts, "artefact": artefact}


def _as(uid: int, forbidden: dict[str, list[int]], work: Callable[[], None]) -> None:
    """Do something with files as a user: a path that leads elsewhere is then that user's own affair."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    status = 1
    with contextlib.suppress(BaseException):
        confine.become(uid, {}, forbidden)
        work()
        status = 0
    os._exit(status)


def _write(path: str, content: str) -> None:
    """Content is base64."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(base64.b64decode(content))
    if target.parent == Path(BOX) and "." not in target.name:
        target.chmod(0o755)


def _remove(names: list[str]) -> None:
    for name in names:
        Path(BOX, name).unlink(missing_ok=True)


def _artefact(job: dict[str, Any], facts: list[dict[str, Any]]) -> dict[str, str] | None:
    """What the compiler made, for the host's cache; None where nothing was compiled or it is too large to carry."""
    names = job["artefacts"]
    if not names or not any(fact["stage"] == "compile" and fact["status"] == 0 for fact in facts):
        return None
    found: dict[str, str] = {}
    total = 0
    for path in sorted(Path(BOX).iterdir()):
        if path.name in job["sources"] or not path.is_file() or path.is_symlink():
            continue
        if not any(path.match(pattern) for pattern in names):
            continue
        data = path.read_bytes()
        total += len(data)
        if total > ARTEFACT_BYTES:
            return None
        found[path.name] = base64.b64encode(data).decode("ascii")
    return found


def _resident_bytes() -> int:
    """What the processes of the run hold at this moment; the supervisor's two are not among them."""
    total = 0
    for entry in os.scandir("/proc"):
        if entry.name.isdigit() and int(entry.name) not in (1, os.getpid()):
            with contextlib.suppress(OSError, ValueError, IndexError):
                total += int(Path(entry.path, "statm").read_text().split()[1])
    return total * PAGE


def _run(
    step: dict[str, Any],
    job: dict[str, Any],
    uid: int,
    forbidden: dict[str, list[int]],
    wakeup: int,
    hide: Callable[[], None],
) -> dict[str, Any]:
    """One process and its descendants, watched to their end."""
    limits = step["limits"]
    stdin = os.memfd_create("stdin")
    os.write(stdin, base64.b64decode(step["stdin"]))
    os.lseek(stdin, 0, os.SEEK_SET)
    out, err, evidence, token_pipe = os.pipe(), os.pipe(), os.pipe(), os.pipe()
    token = secrets.token_hex(16)
    os.write(token_pipe[1], token.encode())
    fds = {0: stdin, 1: out[1], 2: err[1]}
    if step["evidence"]:
        fds |= {3: evidence[1], 4: token_pipe[0]}
    counters, cpu_before, began = confine.counters(), confine.cpu_s(), time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            held = (
                3 if step["evidence"] and job["artefacts"] and job["sockets_are_fatal"] else None
            )  # of a compiled program
            confine.become(uid, fds, forbidden, sockets_are_fatal=job["sockets_are_fatal"], held=held)
            for fd in fds:
                os.set_inheritable(fd, True)
            confine.limit(limits)
            os.chdir(BOX if step["builder"] else "/tmp")
            os.execve(step["argv"][0], step["argv"], job["environment"])
        except BaseException as error:
            os.write(2, f"lab: the program cannot be started: {error}\n".encode())
        os._exit(127)
    for fd in (stdin, out[1], err[1], evidence[1], token_pipe[0]):
        os.close(fd)
    begin = f"{token} begin".encode()
    begun = False
    kept: dict[int, bytearray] = {fd: bytearray() for fd in (out[0], err[0], evidence[0])}
    kept_bytes = min(limits["output_bytes"], wire.KEPT_BYTES)
    room = {out[0]: kept_bytes, err[0]: kept_bytes, evidence[0]: EVIDENCE_BYTES}
    written, cut = 0, False
    poller = select.poll()
    for fd in (*kept, wakeup):
        os.set_blocking(fd, False)
        poller.register(fd, select.POLLIN)
    ended_by, usage, status = None, None, None

    def read(fd: int) -> bool | None:
        nonlocal written, cut, begun
        try:
            data = os.read(fd, 1 << 16)
        except BlockingIOError:
            return None
        if fd in kept:
            if fd != evidence[0]:
                written += len(data)
                cut |= fd == out[0] and len(data) > room[fd] - len(kept[fd])
            kept[fd] += data[: max(0, room[fd] - len(kept[fd]))]
            if fd == evidence[0] and not begun and begin in kept[fd]:
                begun = True
                hide()
                os.close(token_pipe[1])
        return bool(data)

    while status is None and ended_by is None:
        for fd, _ in poller.poll(TICK_S * 1000):
            if read(fd) is False:
                poller.unregister(fd)
        for _ in range(REAPED_AT_ONCE):
            try:
                gone, code, used = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if gone == 0:
                break
            if gone == pid:
                status, usage = os.waitstatus_to_exitcode(code), used
        if status is None:
            if time.monotonic() - began > limits["wall_s"]:
                ended_by = "wall"
            elif confine.cpu_s() - cpu_before > limits["cpu_s"]:
                ended_by = "cpu"
            elif written > limits["output_bytes"] * job["kill_after_output"]:
                ended_by = "output"
            elif confine.counters() != counters:
                ended_by = "limit"
            elif "memory_bytes" in limits and _resident_bytes() > limits["memory_bytes"]:
                ended_by = "memory"  # the container may be larger, for the compiler's sake
    wall_s = time.monotonic() - began
    cpu_s = confine.cpu_s() - cpu_before
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    while True:
        try:
            gone, code, used = os.wait4(-1, 0)
        except ChildProcessError:
            break
        if gone == pid:
            status, usage = os.waitstatus_to_exitcode(code), used
    for fd in kept:
        while read(fd):
            pass
    disk_full = confine.disk_full()
    lines = bytes(kept[evidence[0]]).split(b"\n")
    told = [line[33:].decode("utf-8", "replace") for line in lines if line.startswith(token.encode() + b" ")]
    facts = {
        "stage": step["stage"],
        "status": status,
        "ended_by": ended_by,
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "memory_bytes": usage.ru_maxrss * 1024 if usage else 0,
        "counters": {name: value - counters[name] for name, value in confine.counters().items()},
        "disk_full": disk_full,
        "written": written,
        "cut": cut,
        "stdout": base64.b64encode(kept[out[0]]).decode("ascii"),
        "stderr": base64.b64encode(kept[err[0]]).decode("ascii"),
        "evidence": told,
    }
    for fd in (*kept, *(() if begun else (token_pipe[1],))):
        os.close(fd)
    return facts
