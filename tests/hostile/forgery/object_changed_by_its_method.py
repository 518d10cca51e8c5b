# attack: object changed by its method
# verdict: untested
class Box:
    def __init__(self, xs): self.xs = list(xs)
    def doubled(self):
        self.xs = []
        return []
# --- tests ---
b = Box([1, 2, 3])
assert b.doubled() == [2 * x for x in b.xs]
