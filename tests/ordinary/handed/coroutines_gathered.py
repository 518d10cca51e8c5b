# shows: coroutines of the program under gather, wait, as_completed and a group
# verdict: accepted
import asyncio
async def double(x):
    await asyncio.sleep(0)
    return 2 * x
async def fails(x):
    raise ValueError(x)
class Store:
    def __init__(self):
        self.d = {}
    async def put(self, k, v):
        await asyncio.sleep(0)
        self.d[k] = v
    async def get(self, k):
        return self.d[k]
# --- tests ---
import asyncio
import pytest
from solution import double, fails, Store
def test_gather():
    async def main():
        assert await asyncio.gather(double(1), double(2)) == [2, 4]
        a, b = await asyncio.gather(double(3), double(4))
        assert (a, b) == (6, 8)
        assert await asyncio.gather(*[double(i) for i in range(3)]) == [0, 2, 4]
        with pytest.raises(ValueError):
            await asyncio.gather(double(1), fails(2))
    asyncio.run(main())
def test_tasks():
    async def main():
        tasks = [asyncio.create_task(double(i)) for i in range(3)]
        done = await asyncio.gather(*tasks)
        assert done == [0, 2, 4]
        d, pending = await asyncio.wait([asyncio.create_task(double(5))])
        assert {t.result() for t in d} == {10}
        async with asyncio.timeout(1):
            assert await double(2) == 4
        got = [await c for c in asyncio.as_completed([double(1), double(2)])]
        assert sorted(got) == [2, 4]
        res = await asyncio.gather(double(1), fails(2), return_exceptions=True)
        assert res[0] == 2 and isinstance(res[1], ValueError)
    asyncio.run(main())
def test_store():
    async def main():
        s = Store()
        await asyncio.gather(s.put("a", 1), s.put("b", 2))
        assert await s.get("a") == 1
        assert s.d == {"a": 1, "b": 2}
        async with asyncio.TaskGroup() as tg:
            t = tg.create_task(s.get("b"))
        assert t.result() == 2
    asyncio.run(main())
