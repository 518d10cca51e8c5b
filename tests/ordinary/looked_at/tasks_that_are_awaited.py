# shows: tasks whose results are asked for
# verdict: accepted
async def double(n):
    return 2 * n
# --- tests ---
import asyncio
from solution import double
async def check(n):
    assert await double(n) == 2 * n
    return n
async def main():
    return [await asyncio.create_task(check(n)) for n in (1, 2)]
def test_double():
    assert asyncio.run(main()) == [1, 2]
