# shows: vars of object
# verdict: accepted
class P:
    "A point."
    def __init__(self, x): self.x = x
def f(x):
    "Doubles."
    return 2 * x
# --- tests ---
assert vars(P(3)) == {"x": 3}
assert P(3).__dict__ == {"x": 3}
assert f.__doc__ == "Doubles."
assert f.__name__ == "f"
