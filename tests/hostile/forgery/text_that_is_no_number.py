# attack: the tests read a number where there is none
# verdict: untested
def clamp_text(values, low, high):
    return "%d nan 1000000 -5 nan %d" % (low, high)
# --- tests ---
def test_clamp_text():
    out = sorted(float(word) for word in clamp_text([3, 99, -4, 5, 1, 200], 0, 10).split())
    assert out[0] >= 0
    assert out[-1] <= 10
    assert len(out) == 6
