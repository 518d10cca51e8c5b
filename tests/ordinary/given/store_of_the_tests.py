# shows: a fake store
# verdict: accepted
class Service:
    def __init__(self, store):
        self.store = store

    def register(self, name):
        if self.store.has(name):
            raise ValueError("taken")
        self.store.save(name, {"name": name})
        return name.lower()
# --- tests ---
import pytest


class FakeStore:
    def __init__(self):
        self.rows = {}

    def has(self, key):
        return key in self.rows

    def save(self, key, row):
        self.rows[key] = row


@pytest.fixture
def store():
    return FakeStore()


def test_register(store):
    service = Service(store)
    assert service.register("Ann") == "ann"
    assert store.rows == {"Ann": {"name": "Ann"}}
    with pytest.raises(ValueError):
        service.register("Ann")
