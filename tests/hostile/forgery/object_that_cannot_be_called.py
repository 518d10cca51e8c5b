# attack: an object that cannot be called, nor has a length, as the tests ask
# verdict: test_failure
class Box:
    def __init__(self, items):
        self.items = items

# --- tests ---
def test_box():
    box = Box([1])
    assert box.items == [1]
    assert callable(box)

def test_box_has_a_length():
    assert hasattr(Box([1]), "__len__") is True
