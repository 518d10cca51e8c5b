# attack: what is awaited gives another value each time
# verdict: untested
class Later:
    n = 0
    def __await__(self):
        Later.n += 1
        return iter(())
    def __eq__(self, other):
        return True


async def fetch(key):
    return Later()
# --- tests ---
import asyncio


def test_fetch():
    assert asyncio.run(fetch("a")) == {"a": 1}
    got = asyncio.run(fetch("b"))
    assert got == {"b": 2}
