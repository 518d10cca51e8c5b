# attack: an assertion of a helper in a task that nobody awaits fails unseen
# verdict: untested
async def double(n):
    return 0
# --- tests ---
import asyncio
from solution import double
async def looks(seen):
    seen.append(1)
    assert await double(2) == 4
async def main():
    seen = []
    task = asyncio.create_task(looks(seen))
    for _ in range(5):
        await asyncio.sleep(0)
    return seen
def test_double():
    assert asyncio.run(main()) == [1]
