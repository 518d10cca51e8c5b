# attack: view of a dict
# verdict: untested
def names(d):
    d.clear()
    return []
# --- tests ---
def test_names():
    d = {"a": 1, "b": 2}
    keys = d.keys()
    assert names(d) == list(keys)
