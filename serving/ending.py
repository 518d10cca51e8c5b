"""For `lab serve`: at Ctrl-C or SIGTERM vLLM 0.32 ends its engine first, and then waits for answers that nobody writes any more,
as long as their clients do. A second Ctrl-C changes nothing.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

GRACE_S = 3
"""Seconds for answers that are written already to reach their clients, once the engine has ended."""


class EndsInTime:
    """ASGI middleware by which the server that it runs in ends `GRACE_S` after its engine; what is unanswered then is cut off."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":  # the server has begun, and left itself in the state of its application
            scope["app"].state.server.config.timeout_graceful_shutdown = GRACE_S
        await self._app(scope, receive, send)
