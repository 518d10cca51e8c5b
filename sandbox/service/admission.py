"""Admission to the sandbox: so many programs run, so many wait, everyone else is told when to come again.

Knows nothing of HTTP. A place is taken by a whole request only, and given back when its run is over. Bodies that still
arrive are bounded by themselves, the oldest making room, so what a crowd can make the service hold is bounded whatever
the crowd does, and whoever sends slowly is in nobody's way.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

from sandbox.containers.image import docker_problem
from sandbox.pool import Sandbox
from sandbox.report import Limits, Program, Report, SandboxError

HELD_BYTES = 256 * 1024 * 1024
"""Request bodies of all who run and wait, together."""

ARRIVING_BYTES = 128 * 1024 * 1024
"""Request bodies that are not whole yet, together."""

WATCH_S = 2.0
"""How often Docker is asked whether it is there, where no finished run has just shown it."""

DOCKER_RETRY_S = 5
LONGEST_RETRY_S = 120


class Refused(Exception):
    """No place. `reason` is one of queue_full, bodies_full, docker; `retry_s` says when to come again."""

    def __init__(self, reason: str, detail: str, retry_s: int) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.retry_s = reason, detail, retry_s


class ClientGone(Exception):
    """Whoever asked is no longer there to be answered."""


def memory_share(slots: int) -> int:
    """Bytes one program may be given at most: its share of four fifths of this machine's memory."""
    return int(0.8 * os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / slots)


@dataclass
class Place:
    """One request's stay: in the queue until its turn, then running."""

    body_bytes: int = 0
    runs: bool = False


@dataclass(eq=False)
class Arrival:
    """A request whose body still comes."""

    end: Callable[[], None]
    """Ends it early."""
    count: int = 0
    """Bytes so far."""
    crowded_out: bool = False


class Admission:
    """The bounded queue in front of a sandbox, and the figures about it."""

    def __init__(self, box: Sandbox, queue: int) -> None:
        self.box, self.queue = box, queue
        self.waiting = self.running = self.held_bytes = self.arriving_bytes = 0
        self._arrivals: dict[Arrival, None] = {}  # the oldest first
        self.problem: str | None = None
        """Why Docker cannot be used at present."""
        self._turns = asyncio.Semaphore(box.slots)
        self._works: set[asyncio.Task[Report]] = set()
        self._mean_s = 0.1
        self._seen_alive = time.monotonic()
        self._doubt = asyncio.Event()
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._runs = Counter("lab_sandbox_runs", "Runs by verdict.", ["language", "verdict"], registry=self.registry)
        buckets = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
        self._seconds = Histogram(
            "lab_sandbox_run_seconds", "A run in its slot.", ["language"], registry=self.registry, buckets=buckets
        )
        self._queued = Histogram(
            "lab_sandbox_queue_seconds", "Time in the queue.", registry=self.registry, buckets=buckets
        )
        self._refused = Counter("lab_sandbox_rejected", "Requests not served.", ["reason"], registry=self.registry)
        for name, words, value in (
            ("queue", "Requests that wait.", lambda: self.waiting),
            ("in_flight", "Programs that run.", lambda: self.running),
            ("slots", "Programs that can run at once.", lambda: box.slots),
            ("docker_up", "Whether Docker answers.", lambda: int(self.problem is None)),
        ):
            Gauge(f"lab_sandbox_{name}", words, registry=self.registry).set_function(value)

    def refuse_if_full(self) -> None:
        """Raise Refused where a whole request would find no place: asked before a body is read, to spare it."""
        if self.problem is not None:
            raise self.refusal("docker", f"Docker is away: {self.problem}", DOCKER_RETRY_S)
        if self.waiting + self.running >= self.box.slots + self.queue:
            detail = f"{self.running} programs run and {self.waiting} wait; there is room for {self.queue}"
            raise self.refusal("queue_full", detail, self.retry_s())

    @contextlib.contextmanager
    def place(self, body_bytes: int) -> Iterator[Place]:
        """A place in the queue for a whole request. Raises Refused."""
        self.refuse_if_full()
        if self.held_bytes + body_bytes > HELD_BYTES:
            raise self.refusal("bodies_full", "the requests that wait are too large together", self.retry_s())
        place = Place(body_bytes)
        self.held_bytes += body_bytes
        self.waiting += 1
        try:
            yield place
        finally:
            self.held_bytes -= place.body_bytes
            if not place.runs:
                self.waiting -= 1

    @contextlib.contextmanager
    def arrival(self, end: Callable[[], None]) -> Iterator[Arrival]:
        """A body that begins to arrive; `end` is called where it has to make room for another."""
        arrival = Arrival(end)
        self._arrivals[arrival] = None
        try:
            yield arrival
        finally:
            self._arrivals.pop(arrival, None)
            self.arriving_bytes -= arrival.count

    def arrived(self, arrival: Arrival, count: int) -> None:
        """Count `count` more bytes to an arrival; the oldest ones make room where there is none."""
        arrival.count += count
        self.arriving_bytes += count
        leaving = sum(other.count for other in self._arrivals if other.crowded_out)
        for oldest in self._arrivals:
            if self.arriving_bytes - leaving <= ARRIVING_BYTES:
                return
            if not oldest.crowded_out:
                oldest.crowded_out = True
                leaving += oldest.count
                oldest.end()

    def retry_s(self) -> int:
        """Whole seconds in which the queue as it stands is worked off, at the rate of the last runs."""
        rate = self.box.slots / self._mean_s
        return min(max(1, math.ceil(self.waiting / rate)), LONGEST_RETRY_S)

    def refusal(self, reason: str, detail: str, retry_s: int) -> Refused:
        self.count_refusal(reason)
        return Refused(reason, detail, retry_s)

    def count_refusal(self, reason: str) -> None:
        self._refused.labels(reason).inc()

    async def run(self, place: Place, program: Program, limits: Limits, gone: Callable[[], Awaitable[None]]) -> Report:
        """Wait for a turn and run. `gone` returns when the asker has left: a program that still waits is then dropped,
        one that runs is finished (its slot comes back by itself). Raises ClientGone, SandboxError.
        """
        leaving = asyncio.ensure_future(gone())
        turn = asyncio.ensure_future(self._turns.acquire())
        came = time.monotonic()
        try:
            await asyncio.wait({turn, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                raise ClientGone
            place.runs = True
            self.waiting -= 1
            self.running += 1
            self._queued.observe(time.monotonic() - came)
            work = asyncio.create_task(self._work(program, limits))
            self._works.add(work)
            work.add_done_callback(self._finished)
            await asyncio.wait({work, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                raise ClientGone
            return work.result()
        except ClientGone:
            self.count_refusal("client_gone")
            raise
        finally:
            leaving.cancel()
            if not place.runs and not turn.cancel() and not turn.cancelled():
                self._turns.release()

    async def drained(self) -> None:
        """Return when no run goes on any more, also none whose asker has left."""
        while self._works:
            await asyncio.wait(self._works)

    async def watch(self) -> None:
        """Keep `problem` true to life, for ever."""
        while True:
            if self.problem is not None or time.monotonic() - self._seen_alive >= WATCH_S:
                self.problem = await asyncio.to_thread(docker_problem)
            self._doubt.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._doubt.wait(), WATCH_S)

    async def _work(self, program: Program, limits: Limits) -> Report:
        started = time.monotonic()
        verdict = "sandbox_error"
        try:
            report = await self.box.run(program, limits=limits)
            verdict = str(report.verdict)
            self._seen_alive = time.monotonic()
            return report
        except SandboxError:
            self._seen_alive = 0.0
            self._doubt.set()
            raise
        finally:
            took = time.monotonic() - started
            self._mean_s += 0.1 * (took - self._mean_s)
            self._runs.labels(program.language, verdict).inc()
            self._seconds.labels(program.language).observe(took)

    def _finished(self, work: asyncio.Task[Report]) -> None:
        self._works.discard(work)
        self.running -= 1
        self._turns.release()
        if not work.cancelled():
            work.exception()  # looked at, so that a run whose asker has left is not reported as a forgotten error
