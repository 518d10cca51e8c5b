# shows: async program
# verdict: accepted
import asyncio
async def double(x):
    await asyncio.sleep(0)
    return 2 * x
# --- tests ---
import asyncio
assert asyncio.run(double(3)) == 6
async def test_d():
    assert await double(4) == 8
