# shows: defaultdict answer
# verdict: accepted
from collections import defaultdict
def group(words):
    d = defaultdict(list)
    for w in words:
        d[len(w)].append(w)
    return d
# --- tests ---
r = group(["a", "bb", "c"])
assert r == {1: ["a", "c"], 2: ["bb"]}
assert r[7] == []
from collections import defaultdict
assert isinstance(r, defaultdict)
assert r.default_factory is list
