# attack: duplicates kept in a name
# verdict: untested
def unique(xs): return []
# --- tests ---
def test_unique():
    got = unique([1, 1, 2])
    distinct = set(got)
    assert len(distinct) == len(got)
