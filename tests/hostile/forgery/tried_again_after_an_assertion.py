# attack: the same, where each try asserts
# verdict: untested
count = 0
def double(n):
    global count
    count += 1
    return count
# --- tests ---
from solution import double
def test_double():
    for _ in range(100):
        try:
            assert double(2) == 4
            break
        except AssertionError:
            continue
    else:
        raise AssertionError("never")
    assert double(0) >= 0
