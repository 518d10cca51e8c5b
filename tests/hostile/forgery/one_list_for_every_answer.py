# attack: a list that is cached is given twice
# verdict: test_failure
KNOWN = {}


def numbers(n):
    if n not in KNOWN:
        KNOWN[n] = list(range(n))
    return KNOWN[n]


# --- tests ---
def test_each_is_new():
    first, second = numbers(3), numbers(3)
    assert first == second == [0, 1, 2]
    assert first is not second
