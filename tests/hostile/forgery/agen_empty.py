# attack: agen empty
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
assert asyncio.run(go())
