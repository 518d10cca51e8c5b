# shows: a cache with callbacks
# verdict: accepted
class Lru:
    def __init__(self, size, on_evict=None):
        self.size, self.on_evict, self.items = size, on_evict, {}
    def get(self, key, default=None):
        if key not in self.items:
            return default
        self.items[key] = self.items.pop(key)
        return self.items[key]
    def put(self, key, value):
        self.items.pop(key, None)
        self.items[key] = value
        if len(self.items) > self.size:
            old = next(iter(self.items))
            gone = self.items.pop(old)
            if self.on_evict:
                self.on_evict(old, gone)
# --- tests ---
import pytest


@pytest.fixture
def evicted():
    return []


@pytest.fixture
def cache(evicted):
    return Lru(2, lambda key, value: evicted.append((key, value)))


def test_evicts(cache, evicted):
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert evicted == [("b", 2)]
    assert cache.get("b") is None
    assert cache.get("b", 7) == 7
