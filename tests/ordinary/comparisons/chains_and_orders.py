# shows: chains and orders
# verdict: accepted
def clamp(x, a, b): return max(a, min(b, x))
def dist(g, a): return {"a": 0, "b": float("inf")}
# --- tests ---
for x in (-5, 0, 5, 50):
    assert 0 <= clamp(x, 0, 10) <= 10
assert clamp(-5, 0, 10) == 0 and clamp(50, 0, 10) == 10
assert dist({}, "a")["b"] == float("inf")
assert dist({}, "a")["a"] < dist({}, "a")["b"]
