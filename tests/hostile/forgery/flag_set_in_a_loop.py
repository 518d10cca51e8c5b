# attack: flag set in a loop
# verdict: untested
def evens(xs): return []
# --- tests ---
def test_evens():
    ok = True
    for x in evens([1, 2, 3, 4]):
        if x % 2:
            ok = False
    assert ok
