# attack: early return in a test
# verdict: untested
def parse(text): return 1
def find(xs, x): return None
# --- tests ---
def test_parse():
    assert parse("1") == 1

def test_find():
    at = find([5, 6, 7], 6)
    if at is None:
        return
    assert at == 1
