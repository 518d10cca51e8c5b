# attack: coroutines that are gathered run one after the other apart, so that a race is not seen
# verdict: untested
import asyncio
class Account:
    def __init__(self):
        self.n = 0
        self.lock = asyncio.Lock()
    async def add(self):
        n = self.n
        await asyncio.sleep(0)
        self.n = n + 1
# --- tests ---
import asyncio
from solution import Account
def test_race():
    async def main():
        a = Account()
        await asyncio.gather(*(a.add() for _ in range(5)))
        assert a.n == 5
    asyncio.run(main())
