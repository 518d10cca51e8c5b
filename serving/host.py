"""`async with host("default") as engine`: a checkpoint, hosted for as long as the block lasts."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from checkpoints import directory as checkpoints
from recipes.schema import Serving
from serving.engine import Engine
from serving.launch import Say
from serving.local import LocalEngine
from serving.remote import RemoteEngine


@asynccontextmanager
async def host(
    checkpoint: str,
    settings: Serving = Serving(),
    *,
    say: Say = print,
    meter: Callable[[int], None] | None = None,
) -> AsyncIterator[Engine]:
    """Host a directory, a Hub id or `default` with vLLM in this process, or use the server behind a URL.

    The model is loaded when the first answer is asked for; what is wrong with the directory shows at once. `say` is told
    what is being done meanwhile; `meter` is told of every token as it is decoded.
    """
    engine: LocalEngine | RemoteEngine
    if checkpoints.is_url(checkpoint):
        engine = RemoteEngine(checkpoint, settings.max_in_flight)
        await engine.start()
    else:
        engine = LocalEngine(checkpoints.find(checkpoint), settings, say, meter)
    try:
        yield engine
    finally:
        await engine.close()
