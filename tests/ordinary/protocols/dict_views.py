# shows: dict views
# verdict: accepted
def keys(d): return d.keys()
def vals(d): return d.values()
# --- tests ---
assert list(keys({"a": 1})) == ["a"]
assert set(keys({"a": 1})) == {"a"}
assert sorted(vals({"a": 1, "b": 0})) == [0, 1]
assert len(keys({"a": 1})) == 1
