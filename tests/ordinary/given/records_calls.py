# shows: callbacks that record
# verdict: accepted
def memoize(function):
    known = {}

    def call(*arguments):
        if arguments not in known:
            known[arguments] = function(*arguments)
        return known[arguments]

    return call
# --- tests ---
def test_memoize():
    calls = []

    def square(x):
        calls.append(x)
        return x * x

    fast = memoize(square)
    assert fast(3) == 9
    assert fast(3) == 9
    assert fast(4) == 16
    assert calls == [3, 4]
    assert len(calls) == 2
