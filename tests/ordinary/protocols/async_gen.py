# shows: async gen
# verdict: accepted
async def agen(n):
    for i in range(n): yield i
class Ctx:
    async def __aenter__(self): return 5
    async def __aexit__(self, *a): return False
class Count:
    def __init__(self, n): self.n = n; self.i = 0
    def __aiter__(self): return self
    async def __anext__(self):
        if self.i >= self.n: raise StopAsyncIteration
        self.i += 1
        return self.i
# --- tests ---
import asyncio
async def go(): return [x async for x in agen(3)]
assert asyncio.run(go()) == [0, 1, 2]
async def go2():
    async with Ctx() as c: return c
assert asyncio.run(go2()) == 5
async def go3(): return [x async for x in Count(2)]
assert asyncio.run(go3()) == [1, 2]
