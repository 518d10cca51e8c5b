# shows: many objects of the tests, of which the program reads attributes, and a method that it calls often
# verdict: accepted
# limits: cpu_s=5
def cheapest(items, n):
    return [item.name for item in sorted(items, key=lambda item: (item.price, item.name))[:n]]


def restock(store, names):
    for name in names:
        store.put(name, 1)
    return len(names)
# --- tests ---
from dataclasses import dataclass


@dataclass
class Item:
    name: str
    price: int


class Store:
    def __init__(self):
        self.rows = {}

    def put(self, name, count):
        self.rows[name] = self.rows.get(name, 0) + count


def test_many():
    items = [Item(f"n{i:04}", (i * 7919) % 1000) for i in range(1500)]
    assert cheapest(items, 2) == ["n0000", "n1000"]


def test_store():
    store = Store()
    names = [f"x{i}" for i in range(1500)]
    assert restock(store, names) == 1500
    assert len(store.rows) == 1500
