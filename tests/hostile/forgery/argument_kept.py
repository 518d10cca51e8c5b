# attack: what it keeps is the list that it was given, which its tests change
# verdict: test_failure
class Bag:
    def __init__(self, items):
        self.items = items

    def total(self):
        return sum(self.items)

# --- tests ---
def test_a_bag_holds_its_own():
    items = [1, 2, 3]
    bag = Bag(items)
    items.append(10)
    assert bag.total() == 6
