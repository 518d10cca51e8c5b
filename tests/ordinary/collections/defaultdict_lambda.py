# shows: defaultdict lambda
# verdict: accepted
from collections import defaultdict
def tally(words):
    d = defaultdict(lambda: -1)
    for w in words:
        d[w] = len(w)
    return d
# --- tests ---
r = tally(["a", "bb"])
assert r["bb"] == 2
assert r["zz"] == -1
