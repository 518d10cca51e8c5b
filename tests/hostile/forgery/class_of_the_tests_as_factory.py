# attack: class of the tests as factory
# verdict: untested
def build(make, rows):
    make(rows[0])
    return 1
# --- tests ---
class Item:
    made = 0
    def __init__(self, row):
        Item.made += 1
        self.row = row

def test_build():
    assert build(Item, [1, 2, 3]) == Item.made
