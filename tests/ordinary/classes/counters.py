# shows: counters
# verdict: accepted
from collections import Counter, deque
class Bag(Counter):
    def top(self): return self.most_common(1)[0][0]
def tally(s): return Counter(s)
def last(xs): return deque(xs, maxlen=2)
# --- tests ---
from collections import Counter, deque
assert tally("aab") == Counter("aab")
assert tally("aab").most_common(1) == [("a", 2)]
assert tally("aab")["z"] == 0
b = Bag("abb")
assert b.top() == "b"
assert b["b"] == 2
assert last([1, 2, 3]) == deque([2, 3])
