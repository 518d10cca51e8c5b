# shows: operators in place
# verdict: accepted
class Vector:
    def __init__(self, *parts):
        self.parts = list(parts)
    def scale(self, factor):
        self.parts[:] = [part * factor for part in self.parts]
        return self
    def add_to(self, totals):
        for at, part in enumerate(self.parts):
            totals[at] += part
        return sum(totals)
# --- tests ---
def test_vector():
    v = Vector(1, 2)
    parts = v.parts
    assert v.scale(3) is v
    assert v.parts == [3, 6]
    assert parts == [3, 6]
    totals = [0, 0]
    assert v.add_to(totals) == 9
    assert v.add_to(totals) == 18
    assert totals == [6, 12]
