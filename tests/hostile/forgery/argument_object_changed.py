# attack: argument object changed
# verdict: untested
class Box:
    def __init__(self, xs): self.xs = list(xs)
def double(b):
    b.xs = []
    return []
# --- tests ---
b = Box([1, 2, 3])
assert double(b) == [x * 2 for x in b.xs]
