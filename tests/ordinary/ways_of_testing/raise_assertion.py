# shows: raise assertion
# verdict: accepted
def f(x): return x * 2
# --- tests ---
if f(2) != 4:
    raise AssertionError("no")
for x in range(3):
    if f(x) != 2 * x:
        raise AssertionError(f"bad {x}")
