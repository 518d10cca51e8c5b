# attack: errors counted by place
# verdict: untested
def evens(xs): return []
# --- tests ---
def test_evens():
    got, want = evens([1, 2, 3, 4]), [2, 4]
    errors = 0
    for i in range(len(got)):
        if got[i] != want[i]:
            errors += 1
    assert errors == 0
