# attack: the program counts how often it is asked
# verdict: untested
class Meter:
    n = 0
    @property
    def value(self):
        Meter.n += 1
        return Meter.n
    def total(self):
        return Meter.n


def meter():
    return Meter()
# --- tests ---
def test_meter():
    m = meter()
    seen = [m.value for _ in range(5)]
    assert m.total() == len(seen)
    assert max(seen) == m.value - 1
