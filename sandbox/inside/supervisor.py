"""The container's pid 1: forks clean processes for each run, watches them, proves the container clean again.

Pid 1 never reads a run's data: it forks a watcher, and the watcher forks the program's and the driver's process before
it reads the job, so both start from memory that has seen no other run. The watcher (root, but able only to change uid
and to kill) measures, ends and reports facts; the host decides the verdict. After each run pid 1 kills whatever is
left, empties what is writable, and looks for leftovers; if it finds one it says so and ends, and the container is
replaced.
"""

import base64
import contextlib
import functools
import os
import select
import signal
import socket
import stat
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.inside import cgroup, commands, confine, driver, runner, wire

WRITABLE = ("/tmp", "/dev/shm", "/dev/mqueue", "/box")
TICK_S = 0.05
LINT_S = 5.0
LAST_WORD_S = 1.0
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
    for folder in WRITABLE:
        if any(os.scandir(folder)):
            for uid in uids:
                _as_user(uid, folder)
    problems = [
        f"process {entry.name} is left" for entry in os.scandir("/proc") if entry.name.isdigit() and entry.name != "1"
    ]
    for folder in WRITABLE:
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


def _as_user(uid: int, folder: str) -> None:
    """Empty a folder as the user who owns what is in it: root in here may not override permissions."""
    child = os.fork()
    if child == 0:
        _guarded(lambda: _empty(uid, folder))
    os.waitpid(child, 0)


def _empty(uid: int, folder: str) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    for entry in list(Path(folder).iterdir()):
        if entry.lstat().st_uid != uid:
            continue
        if stat.S_ISDIR(entry.lstat().st_mode):
            _remove_tree(entry)
        else:
            entry.unlink()


def _remove_tree(top: Path) -> None:
    """Depth first, always in the folder being emptied, so that neither mode bits, depth nor path length stop it."""
    top.chmod(0o700)
    os.chdir(top)
    depth = 1
    while depth:
        folders = []
        for entry in list(Path().iterdir()):
            if stat.S_ISDIR(entry.lstat().st_mode):
                folders.append(entry)
            else:
                entry.unlink()
        if folders:
            folders[0].chmod(0o700)
            os.chdir(folders[0])
            depth += 1
            continue
        inode = Path().stat().st_ino
        os.chdir("..")
        depth -= 1
        for entry in list(Path().iterdir()):
            if entry.lstat().st_ino == inode:
                entry.rmdir()


def _watch_one(uids: list[int], forbidden: dict[str, list[int]]) -> None:
    """One run: fork the two processes, read the job, watch, send the facts."""
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
        wire.send(1, {"facts": commands.run_commands(job, uids, forbidden, _wake_on_child())})
        return
    os.write(stdin, job["stdin"].encode("utf-8", "surrogatepass"))
    os.lseek(stdin, 0, os.SEEK_SET)
    run = _Run(job, pids[0], pids[1], program_end[0], driver_end[0], out[0], err[0])
    wire.send(1, {"facts": run.watch(lambda source: _start_linter(uids[2], source, job, forbidden))})


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
            confine.limit({**job["limits"], "cpu_s": LINT_S})
            os.execv(job["lint"][0], job["lint"])

        _guarded(life)
    os.close(writing)
    os.close(code)
    return pid, reading


class _Run:
    """What is known of a run while it goes on: processes, streams, counters."""

    def __init__(
        self, job: dict[str, Any], program: int, tests: int, status: int, results: int, out: int, err: int
    ) -> None:
        self.job, self.program, self.tests_pid, self.status, self.results = job, program, tests, status, results
        self.limits = job["limits"]
        self.streams = {out: bytearray(), err: bytearray()}
        self.out, self.err = out, err
        self.written = 0
        self.inbox = {status: bytearray(), results: bytearray()}
        self.lint_output = bytearray()
        self.linter: tuple[int, int] | None = None
        self.exits: dict[int, tuple[int, Any]] = {}
        self.facts: dict[str, Any] = {"tests": [], "done": None, "ended_by": None, "exception": None, "parse": None}
        self.going = False
        self.over = False
        self.last_word: float | None = None

    def watch(self, start_linter: Callable[[str], tuple[int, int]]) -> dict[str, Any]:
        """Drive the run to its end and return the facts of it."""
        facts, counters = self.facts, cgroup.counters()
        wakeup = _wake_on_child()
        self.counters = counters
        self.began, self.cpu_before = time.monotonic(), cgroup.cpu_s()
        if self.job["lint"]:
            self.linter = start_linter(self.job["code"])
        if self.job["tests"]:
            self._send(self.results, {name: self.job[name] for name in ("tests", "entry_point", "limits")})
        self._send(
            self.status, {**{name: self.job[name] for name in ("code", "limits")}, "tests": bool(self.job["tests"])}
        )
        poller = select.poll()
        linter = [self.linter[1]] if self.linter else []
        for fd in (self.out, self.err, self.status, self.results, *linter, wakeup):
            os.set_blocking(fd, False)
            poller.register(fd, select.POLLIN)
        while not self.over:
            for fd, _ in poller.poll(TICK_S * 1000):
                if self._read(fd) is False:
                    poller.unregister(fd)
            self._reap()
            self._step()
        ended = time.monotonic()
        facts["alive"] = self.program not in self.exits
        facts["cpu_all_s"] = cgroup.cpu_s() - self.cpu_before
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        self._collect()
        for fd in (self.status, self.results, self.out, self.err):
            self._drain(fd)
        facts["wall_s"] = ended - self.began
        facts["counters"] = {name: value - counters[name] for name, value in cgroup.counters().items()}
        facts["disk_full"] = cgroup.disk_full()
        for name, pid in (("program", self.program), ("driver", self.tests_pid)):
            status, usage = self.exits[pid]
            facts[name] = {
                "status": status,
                "cpu_s": usage.ru_utime + usage.ru_stime,
                "memory_bytes": usage.ru_maxrss * 1024,
            }
        for name, fd in (("stdout", self.out), ("stderr", self.err)):
            facts[name] = base64.b64encode(self.streams[fd]).decode("ascii")
        facts["written"] = self.written
        return facts

    def _step(self) -> None:
        """Go on to the next stage where the last is done; end the run where it is finished or over a limit."""
        now = time.monotonic()
        facts = self.facts
        if not self.going and facts["parse"] is not None and (self.linter is None or now > self.began + LINT_S):
            if self.job["lint"]:
                facts["lint"] = base64.b64encode(self.lint_output).decode("ascii")
            facts["parsed_s"] = now - self.began
            if facts["parse"].get("syntax") or self._lint_is_fatal():
                self.over = True
                return
            self.going, self.began, self.cpu_before = True, now, cgroup.cpu_s()
            self._send(self.status, {"go": True})
        spare = 0.0 if self.going else LINT_S  # a slow linter is not the program's fault
        if now - self.began > self.limits["wall_s"] + spare:
            self._end("wall")
        elif cgroup.cpu_s() - self.cpu_before > self.limits["cpu_s"] + spare:
            self._end("cpu")
        elif self.written > self.limits["output_bytes"] * self.job["kill_after_output"]:
            self._end("output")
        elif cgroup.counters() != self.counters:  # the kernel refused it memory or a process: the verdict is known
            self._end("limit")
        elif self._is_finished():
            self.over = True
        elif facts["done"] is not None or self.program in self.exits or self.tests_pid in self.exits:
            # One side is at its end: the other has a moment to say what it saw, or to finish dying. Descendants of a
            # dead program may hold the channel open for ever.
            self.last_word = self.last_word or now + LAST_WORD_S
            self.over = now > self.last_word

    def _is_finished(self) -> bool:
        done = self.facts["done"]
        if not self.job["tests"]:
            return self.program in self.exits
        return done is not None and (not done["broken"] or self.program in self.exits)

    def _lint_is_fatal(self) -> bool:
        return any(
            f'"code":"{rule}"'.encode() in self.lint_output.replace(b'": ', b'":') for rule in self.job["fatal_rules"]
        )

    def _end(self, reason: str) -> None:
        self.facts["ended_by"], self.over = reason, True

    def _read(self, fd: int) -> bool | None:
        """Take what a descriptor has: True where there was something, None where there is nothing yet, False at its
        end.
        """
        try:
            data = os.read(fd, 65536)
        except BlockingIOError:
            return None
        except OSError:
            return False
        if self.linter and fd == self.linter[1]:
            if not data:
                self.linter = None
            elif len(self.lint_output) < 1 << 20:
                self.lint_output += data
        elif fd in self.streams:
            self.written += len(data)
            kept = self.streams[fd]
            kept += data[: max(0, self.limits["output_bytes"] - len(kept))]
        elif fd in self.inbox and data:
            self._frames(fd, data)
        return bool(data)

    def _drain(self, fd: int) -> None:
        """Read a stream to where nothing is left for now."""
        while self._read(fd):
            pass

    def _frames(self, fd: int, data: bytes) -> None:
        box = self.inbox[fd]
        box += data
        while len(box) >= 4:
            try:
                length = wire.length_of(bytes(box[:4]), 1 << 20)
                if len(box) < 4 + length:
                    return
                message = wire.parse(bytes(box[4 : 4 + length]))
            except wire.WireError:
                box.clear()
                return
            del box[: 4 + length]
            if type(message) is dict:
                (self._program_says if fd == self.status else self._driver_says)(message)

    def _program_says(self, message: dict[str, Any]) -> None:
        """Only what makes things worse for the program is listened to."""
        if self.facts["parse"] is None and ("parsed" in message or type(message.get("syntax")) is dict):
            self.facts["parse"] = message
        elif type(message.get("exception")) is dict and self.facts["exception"] is None:
            self.facts["exception"] = message["exception"]

    def _driver_says(self, message: dict[str, Any]) -> None:
        if "test" in message:
            self.facts["tests"].append(message)
        elif "done" in message:
            self.facts["done"] = message["done"]

    def _reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.exits[pid] = (os.waitstatus_to_exitcode(status), usage)
            if pid == self.program:
                self._drain(self.status)
                self.facts["parse"] = self.facts["parse"] or {"syntax": None}

    def _collect(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, 0)
            except ChildProcessError:
                return
            self.exits.setdefault(pid, (os.waitstatus_to_exitcode(status), usage))

    @staticmethod
    def _send(fd: int, message: Any) -> None:
        os.set_blocking(fd, True)
        with contextlib.suppress(OSError):  # where it is dead already, its exit says why
            wire.send(fd, message)
        os.set_blocking(fd, False)


def _wake_on_child() -> int:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    return reading
