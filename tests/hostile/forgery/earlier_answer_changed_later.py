# attack: an answer that the tests kept is changed by the next call, and expected of it
# verdict: untested
_kept = [1]


def fresh():
    return _kept


def doubled(values):
    _kept[:] = [0]
    return [0]
# --- tests ---
def test_doubled():
    start = fresh()
    result = doubled(start)
    for before, after in zip(start, result):
        twice = before + before
        assert after == twice
