# shows: subsets
# verdict: accepted
def powerset(xs):
    out = [[]]
    for x in xs: out += [s + [x] for s in out]
    return out
# --- tests ---
for s in powerset([1, 2]):
    assert set(s) <= {1, 2}
    assert set(s).issubset({1, 2}) and {1, 2}.issuperset(s)
    assert not set(s) - {1, 2}
    assert set(s).isdisjoint({3})
