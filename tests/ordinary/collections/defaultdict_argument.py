# shows: defaultdict argument
# verdict: accepted
def add(d, k, v):
    d[k].append(v)
    return d
# --- tests ---
from collections import defaultdict
d = defaultdict(list)
add(d, 1, 2)
assert d == {1: [2]}
assert d[5] == []
