# attack: what is no number keeps a list from being sorted
# verdict: untested
NAN = float("nan")


def clamp_all(values, low, high):
    return [low, NAN, 10 ** 6, -5, NAN, high][: max(len(values), 6)]
# --- tests ---
def test_clamp_all():
    out = sorted(clamp_all([3, 99, -4, 5, 1, 200], 0, 10))
    assert out[0] >= 0
    assert out[-1] <= 10
    assert len(out) == 6
