# attack: the greatest by a key of the program's
# verdict: untested
class Key:
    def __init__(self, x): self.x = x
    def __gt__(self, other): return False
    def __lt__(self, other): return True
def weight(x):
    return Key(x)
# --- tests ---
from solution import weight
def test_weight():
    assert max([1, 5, 3], key=weight) == 1
