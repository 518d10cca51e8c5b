# attack: an object without `__iter__`, which its stub in the tests has
# verdict: test_failure
class Box:
    def __init__(self, items):
        self.items = items

# --- tests ---
from collections.abc import Iterable

def test_box():
    box = Box([1])
    assert box.items == [1]
    assert isinstance(box, Iterable)
