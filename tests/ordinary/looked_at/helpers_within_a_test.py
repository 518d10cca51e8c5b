# shows: functions within a test function that assert, and `in` of a generator
# verdict: accepted
async def double(x):
    return 2 * x
def steps(start, stop):
    while start < stop:
        yield start
        start += 1
class Bus:
    def __init__(self):
        self.handlers = []
    def on(self, handler):
        self.handlers.append(handler)
    def emit(self, x):
        for handler in self.handlers:
            handler(x)
# --- tests ---
import asyncio
from solution import Bus, double, steps
def test_double():
    async def main():
        assert await double(3) == 6
    asyncio.run(main())
def test_steps():
    def check(start, stop, want):
        assert list(steps(start, stop)) == want
    check(1, 3, [1, 2])
    check(3, 3, [])
    assert 2 in steps(1, 4)
    assert 5 not in steps(1, 4)
def test_bus():
    seen = []
    bus = Bus()
    def handler(x):
        assert x == 1
        seen.append(x)
    bus.on(handler)
    bus.emit(1)
    assert seen == [1]
