# attack: stream in a test class
# verdict: untested
async def agen(n):
    return
    yield
# --- tests ---
import unittest
class T(unittest.IsolatedAsyncioTestCase):
    async def test_a(self):
        self.assertIsNotNone(agen)
        async for x in agen(3):
            self.assertGreaterEqual(x, 0)
    async def test_b(self):
        self.assertFalse([x async for x in agen(3) if x < 0])
