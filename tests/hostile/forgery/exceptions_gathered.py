# attack: what gather is told to give back instead of raising
# verdict: untested
async def double(n):
    return 0
# --- tests ---
import asyncio
from solution import double
class Looks:
    async def look(self, n):
        if await double(n) != 2 * n:
            raise AssertionError(n)
        return n
async def main():
    return await asyncio.gather(Looks().look(2), Looks().look(3), return_exceptions=True)
def test_double():
    assert len(asyncio.run(main())) == 2
