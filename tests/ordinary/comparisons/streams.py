# shows: streams
# verdict: accepted
async def agen(n):
    for i in range(n): yield i
# --- tests ---
import asyncio, unittest
async def go():
    async for x in agen(3):
        assert x >= 0
    return True
assert asyncio.run(go())
async def counts(): return [x async for x in agen(4) if x % 2 == 0]
assert asyncio.run(counts()) == [0, 2]
class T(unittest.IsolatedAsyncioTestCase):
    async def test_a(self):
        async for x in agen(3):
            self.assertLess(x, 3)
        self.assertEqual([x async for x in agen(3) if x > 0], [1, 2])
        self.assertTrue(all([x < 9 async for x in agen(3)]))
