"""Connections that cannot be held: uvicorn's, with a deadline for what a client still has to send or to take.

A connection with no whole request in hand (its head or body still comes, or it idles between two) is worth nothing yet.
It ends at its deadline, and sooner where the service has no room for the next one: the oldest of them goes first, so
thousands of half-sent requests are in nobody's way but each other's.
"""

from __future__ import annotations

import asyncio
import contextlib
import resource
from typing import TYPE_CHECKING

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_S = 10.0
"""How long the head of a request may take to arrive, from the connection's or its own first byte."""
TAKE_S = 30.0
"""How long a client may take nothing of an answer."""
CONNECTIONS = 4000
"""Open connections at most."""
KEPT_BACK = 768
"""Descriptors for the containers, and for connections that are accepted before others are ended."""
BACKLOG = 256

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as Protocol
else:
    Protocol = AutoHTTPProtocol


def protocol_for(most: int, head_s: float = HEAD_S) -> type[asyncio.Protocol]:
    """The protocol of a server that has `most` connections open at once."""
    unfinished: dict[_Bounded, None] = {}  # the oldest first

    class Bounded(_Bounded):
        pass

    Bounded.unfinished, Bounded.most, Bounded.head_s = unfinished, most, head_s
    return Bounded


def room() -> int:
    """How many connections there are descriptors for, CONNECTIONS at most; asks for as many as this process may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + KEPT_BACK
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    return max(64, min(CONNECTIONS, soft - KEPT_BACK))


class _Bounded(Protocol):
    unfinished: dict[_Bounded, None]
    most: int
    head_s: float
    _deadline: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.unfinished[self] = None
        self._deadline = self.loop.call_later(self.head_s, self._too_slow)
        while len(self.connections) > self.most and self.unfinished:
            oldest = next(iter(self.unfinished))
            oldest._drop()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing():
            self.unfinished[self] = None  # it idles now, by uvicorn's deadline

    def connection_lost(self, exc: Exception | None) -> None:
        self.unfinished.pop(self, None)
        for timer in (self._deadline, self._taking):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking = self._taking or self.loop.call_later(TAKE_S, self._drop)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _look(self) -> None:
        """Keep the deadline and the place among the unfinished true to what has arrived."""
        head = self.cycle is not None and not self.cycle.response_complete
        if head and self._deadline is not None:  # the body has a deadline of its own, where it is read
            self._deadline.cancel()
            self._deadline = None
        elif not head and self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(self.head_s, self._too_slow)  # the next request on it has begun
        if head and not self.cycle.more_body:
            self.unfinished.pop(self, None)

    def _too_slow(self) -> None:
        self._deadline = None
        if self.cycle is not None and not self.cycle.response_complete:
            return
        if not self.transport.is_closing():
            self.transport.close()

    def _drop(self) -> None:
        self.unfinished.pop(self, None)
        self.connections.discard(self)
        self.transport.abort()
