# shows: objects of the tests with an `==` of their own come back
# verdict: accepted
def cheapest(items):
    return min(items, key=lambda item: item.price)
def unique(items):
    found = []
    for item in items:
        if item not in found:
            found.append(item)
    return found
# --- tests ---
from dataclasses import dataclass
from solution import cheapest, unique
@dataclass
class Item:
    name: str
    price: int
class Word:
    def __init__(self, text):
        self.text = text
    def __eq__(self, other):
        return isinstance(other, Word) and self.text.lower() == other.text.lower()
    def __hash__(self):
        return hash(self.text.lower())
def test_cheapest():
    items = [Item("tea", 3), Item("salt", 1)]
    assert cheapest(items) == Item("salt", 1)
    assert cheapest(items) is items[1]
    assert cheapest(items) != 1
def test_unique():
    words = [Word("a"), Word("A"), Word("b")]
    assert unique(words) == [Word("a"), Word("b")]
