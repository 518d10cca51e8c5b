# attack: stream awaited
# verdict: untested
async def agen(n):
    return
    yield
# --- tests ---
import asyncio
async def go():
    async for x in agen(3):
        assert x >= 0
    return True
def test_a():
    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(go()) is True
async def test_b():
    assert await go()
