# attack: async learns
# verdict: test_failure
log = []
async def f(x):
    return len(log)
# --- tests ---
import asyncio
async def test_f():
    assert await f(3) == 9
