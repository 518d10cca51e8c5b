# shows: max and map
# verdict: accepted
def f(xs): return [x * 2 for x in xs]
# --- tests ---
assert max(f([1, 2])) == 4
assert min(f([1, 2]), default=0) == 2
assert max(1, f([3])[0]) == 6
assert max(f([1, 2]), key=lambda v: -v) == 2
assert list(map(lambda a, b: a - b, f([1, 2]), [1, 2])) == [1, 2]
assert sum(map(lambda a, b: abs(a - b), f([1]), [2])) == 0
assert all(map(lambda v: v > 0, f([1])))
assert max("ab", "b") == "b"
