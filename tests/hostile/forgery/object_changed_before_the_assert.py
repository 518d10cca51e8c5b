# attack: object changed before the assert
# verdict: untested
class Box:
    def __init__(self, xs): self.xs = list(xs)
def double(b):
    b.xs = []
    return []
# --- tests ---
def test_a():
    b = Box([1, 2, 3])
    got = double(b)
    assert got == [x * 2 for x in b.xs]
