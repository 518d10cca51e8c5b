"""One event loop and one vLLM for all tests of serving: an engine's start takes longer than all it is then asked."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from checkpoints.directory import DEFAULT_DIR
from recipes.schema import Serving
from serving.local import LocalEngine


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@pytest.fixture(scope="session")
def local_engine(loop: asyncio.AbstractEventLoop) -> Iterator[LocalEngine]:
    """The default checkpoint in vLLM, with a context of 512 tokens. Who swaps it for another swaps it back."""
    settings = Serving(max_model_len=512, max_in_flight=8, kv_cache_gb=1)
    engine = LocalEngine(DEFAULT_DIR, settings, lambda text: None)
    asyncio.run_coroutine_threadsafe(engine.start(), loop).result(300)
    yield engine
    asyncio.run_coroutine_threadsafe(engine.close(), loop).result(60)
    assert not [thread for thread in threading.enumerate() if thread.name == "vllm"]
