# attack: wrong ones gathered in a loop
# verdict: untested
def evens(xs): return []
# --- tests ---
def test_evens():
    bad = []
    for x in evens([1, 2, 3, 4]):
        if x % 2:
            bad.append(x)
    assert not bad
