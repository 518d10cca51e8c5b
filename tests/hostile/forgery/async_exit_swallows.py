# attack: async exit swallows
# verdict: untested
class Ctx:
    async def __aenter__(self): return self
    async def __aexit__(self, t, v, tb): return True
def f(x): return 0
# --- tests ---
import asyncio
async def go():
    async with Ctx() as c:
        assert c is not None
        if f(3) != 3:
            raise ValueError("wrong")
asyncio.run(go())
