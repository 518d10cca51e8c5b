"""A Python program beside its tests, watched to its end: what kernel, program and tests' process say, as facts. Runs in
the container.

The watcher (`supervisor.py`) calls it. The program is hostile and the tests' process talks to it, so everything read
here is bounded, and of the program's own words only those that make things worse for it are listened to.
"""

import base64
import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from typing import Any

from sandbox.inside import confine, wire

TICK_S = 0.05
LINT_S = 5.0
LINT_BYTES = 1 << 20
LAST_WORD_S = 1.0
SAID_BYTES = 256 * 1024
"""What a program may say on its status channel in one run, several times what the longest honest words come to."""
RESULTS_BYTES = 12 * 1024 * 1024
"""What the tests may report in one run: with both streams it fits one frame to the host."""
FRAME_BYTES = 1024 * 1024
REAPED_AT_ONCE = 256
"""Dead processes taken in before limits are looked at again: others may be dying without end."""


class Run:
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
        self.lint_output, self.lint_rest = bytearray(), b""
        self.room = {status: SAID_BYTES, results: RESULTS_BYTES}
        self.linter: tuple[int, int] | None = None
        self.exits: dict[int, tuple[int, Any]] = {}
        self.facts: dict[str, Any] = {"tests": [], "done": None, "ended_by": None, "exception": None, "parse": None}
        self.facts["unreadable"] = None
        self.going = False
        self.over = False
        self.last_word: float | None = None

    def watch(self, start_linter: Callable[[str], tuple[int, int]]) -> dict[str, Any]:
        """Drive the run to its end and return the facts of it."""
        facts, counters = self.facts, confine.counters()
        wakeup = wake_on_child()
        self.counters = counters
        self.began, self.cpu_before = time.monotonic(), confine.cpu_s()
        if self.job["tests"]:
            self._send(self.results, {name: self.job[name] for name in ("tests", "entry_point", "changes", "limits")})
        asked = {name: bool(self.job[name]) for name in ("tests", "lint")}
        self._send(self.status, {**{name: self.job[name] for name in ("code", "limits")}, **asked})
        poller = select.poll()
        lint = bool(self.job["lint"])
        for fd in (self.out, self.err, self.status, self.results, wakeup):
            os.set_blocking(fd, False)
            poller.register(fd, select.POLLIN)
        while not self.over:
            for fd, _ in poller.poll(TICK_S * 1000):
                if self._read(fd) is False:
                    poller.unregister(fd)
            self._reap()
            if lint and facts["parse"] is not None:
                lint = False
                if not facts["parse"].get("spotless"):
                    self.linter = start_linter(self.job["code"])
                    os.set_blocking(self.linter[1], False)
                    poller.register(self.linter[1], select.POLLIN)
            self._step()
        ended = time.monotonic()
        facts["alive"] = self.program not in self.exits
        facts["cpu_all_s"] = confine.cpu_s() - self.cpu_before
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        self._collect()
        for fd in (self.status, self.results, self.out, self.err):
            self._drain(fd)
        facts["wall_s"] = ended - self.began
        facts["counters"] = {name: value - counters[name] for name, value in confine.counters().items()}
        facts["disk_full"] = confine.disk_full()
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
            self.going, self.began, self.cpu_before = True, now, confine.cpu_s()
            self._send(self.status, {"go": True})
        spare = 0.0 if self.going else LINT_S  # a slow linter is not the program's fault
        if now - self.began > self.limits["wall_s"] + spare:
            self._end("wall")
        elif confine.cpu_s() - self.cpu_before > self.limits["cpu_s"] + spare:
            self._end("cpu")
        elif self.written > self.limits["output_bytes"] * self.job["kill_after_output"]:
            self._end("output")
        elif confine.counters() != self.counters:  # the kernel refused it memory or a process: the verdict is known
            self._end("limit")
        elif self._is_finished() or facts["unreadable"]:
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
        return self._is_fatal(bytes(self.lint_output))

    def _is_fatal(self, said: bytes) -> bool:
        return any(f'"code":"{rule}"'.encode() in said.replace(b'": ', b'":') for rule in self.job["fatal_rules"])

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
            else:
                self._linter_says(data)
        elif fd in self.streams:
            self.written += len(data)
            kept = self.streams[fd]
            kept += data[: max(0, min(self.limits["output_bytes"], wire.KEPT_BYTES) - len(kept))]
        elif fd in self.inbox and data:
            return self._frames(fd, data)
        return bool(data)

    def _linter_says(self, data: bytes) -> None:
        """Keep a mebibyte, and of the lines after it those of fatal rules: no number of warnings hides one."""
        *lines, rest = (self.lint_rest + data).split(b"\n")
        self.lint_rest = rest[:LINT_BYTES]
        for line in lines:
            size = len(self.lint_output) + len(line)
            if size < LINT_BYTES or (self._is_fatal(line) and size < 4 * LINT_BYTES):
                self.lint_output += line + b"\n"

    def _drain(self, fd: int) -> None:
        """Read a stream to where nothing is left for now."""
        while self._read(fd):
            pass

    def _frames(self, fd: int, data: bytes) -> bool:
        """Take in what one side said; False where nothing more of it is read. What cannot be read ends the run and
        decides it: it may have been a failure, so it is never passed over.
        """
        box = self.inbox[fd]
        if self.facts["unreadable"]:
            return False
        box += data
        self.room[fd] -= len(data)
        try:
            if self.room[fd] < 0:
                raise wire.WireError("more than one run may say")
            while len(box) >= 4:
                length = wire.length_of(bytes(box[:4]), min(FRAME_BYTES, self.room[fd] + len(box)))
                if len(box) < 4 + length:
                    break
                message = wire.shallow(bytes(box[4 : 4 + length]))
                del box[: 4 + length]
                if type(message) is dict:
                    (self._program_says if fd == self.status else self._driver_says)(message)
        except wire.WireError as error:
            box.clear()
            self.facts["unreadable"] = {"of": "program" if fd == self.status else "tests", "why": str(error)}
            return False
        return True

    def _program_says(self, message: dict[str, Any]) -> None:
        """Only what makes things worse for the program is listened to."""
        seconds = message.get("parsed", message.get("seconds"))
        seconds = seconds if type(seconds) is float and 0 <= seconds < 1e6 else 0.0
        if self.facts["parse"] is None and "parsed" in message:
            # It has run nothing yet but the interpreter's own compiler.
            self.facts["parse"] = {"parsed": seconds, "spotless": message.get("spotless") is True}
        elif self.facts["parse"] is None and type(said := message.get("syntax")) is dict:
            place = {name: said[name] for name in ("line", "column") if type(said.get(name)) is int}
            words = {name: str(said[name])[:500] for name in ("rule", "message") if type(said.get(name)) is str}
            self.facts["parse"] = {"syntax": {**place, **words}, "seconds": seconds}
        elif type(said := message.get("exception")) is dict and self.facts["exception"] is None:
            self.facts["exception"] = wire.failure(said)

    def _driver_says(self, message: dict[str, Any]) -> None:
        if "test" in message:
            self.facts["tests"].append(message)
        elif "done" in message:
            self.facts["done"] = message["done"]

    def _reap(self) -> None:
        for _ in range(REAPED_AT_ONCE):
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._ended(pid, status, usage)
            if pid == self.program:
                self._drain(self.status)
                self.facts["parse"] = self.facts["parse"] or {"syntax": None}

    def _collect(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, 0)
            except ChildProcessError:
                return
            self._ended(pid, status, usage)

    def _ended(self, pid: int, status: int, usage: Any) -> None:
        """Orphans end here as well, and a process number comes round again: the first of the two sides' own counts."""
        if pid in (self.program, self.tests_pid):
            self.exits.setdefault(pid, (os.waitstatus_to_exitcode(status), usage))

    @staticmethod
    def _send(fd: int, message: Any) -> None:
        os.set_blocking(fd, True)
        with contextlib.suppress(OSError):  # where it is dead already, its exit says why
            wire.send(fd, message)
        os.set_blocking(fd, False)


def wake_on_child() -> int:
    """A descriptor that is readable whenever a child has ended."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    return reading
