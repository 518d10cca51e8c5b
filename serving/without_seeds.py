"""For `lab serve` on a CPU, where a request's seed ends vLLM's engine and with it every later request: it is dropped, and said."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
SAID = (b"x-lab-seed", b"dropped")
"""The header of an answer whose request had a seed."""
SETTINGS = "sampling_params"
"""Where vLLM's own interface has what OpenAI's has beside the prompt."""


class WithoutSeeds:
    """ASGI middleware that takes `seed` out of the JSON of requests."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app
        self._told = False

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await _whole(receive)
        if body is None:  # the client has gone
            return
        unseeded = without_seed(body)
        if unseeded is not body:
            length = (b"content-length", str(len(unseeded)).encode())
            scope = {**scope, "headers": [*(h for h in scope["headers"] if h[0].lower() != length[0]), length]}
            send = _saying(send)
            self._tell()
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()  # waits until the client goes
            given = True
            return {"type": "http.request", "body": unseeded, "more_body": False}

        await self._app(scope, replay, send)

    def _tell(self) -> None:
        if not self._told:
            print("lab serve: requests' seeds are dropped: on a CPU one would end vLLM's engine", file=sys.stderr)
        self._told = True


def without_seed(body: bytes) -> bytes:
    """The body without the request's seed; the same object where it has none, or is no JSON object."""
    if b"seed" not in body and b"\\u" not in body:  # a key may be spelled in escapes
        return body
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return body
    places = [asked, asked.get(SETTINGS)] if isinstance(asked, dict) else []
    seeded = [place for place in places if isinstance(place, dict) and place.get("seed") is not None]
    for place in seeded:
        del place["seed"]
    return json.dumps(asked).encode() if seeded else body


async def _whole(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _saying(send: Send) -> Send:
    async def said(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), SAID]}
        await send(message)

    return said
