# shows: two constants of one value, each said by the tests
# verdict: accepted
DEFAULT_WIDTH = 80
MAX_WIDTH = 80


def width(asked=None):
    return DEFAULT_WIDTH if asked is None else min(asked, MAX_WIDTH)
# --- tests ---
def test_width():
    assert DEFAULT_WIDTH == 80
    assert MAX_WIDTH == 80
    assert width() == 80
    assert width(100) == 80
    assert width(MAX_WIDTH + 1) == 80
    assert width(20) == 20
