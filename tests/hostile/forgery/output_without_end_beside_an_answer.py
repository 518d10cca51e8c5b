# attack: output without end, and an answer that is equal to everything
# verdict: untested
class All:
    def __eq__(self, other):
        return True


def f(x):
    print("passed\n" * 1000)
    return All()
# --- tests ---
def test_f():
    assert f(1) == 2
    assert f(2) == 4
