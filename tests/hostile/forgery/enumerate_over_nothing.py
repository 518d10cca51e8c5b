# attack: enumerate over nothing
# verdict: untested
def f(x): return []
# --- tests ---
def check_all(got, want):
    for i, v in enumerate(got):
        assert v == want[i]
check_all(f(3), [1, 2, 3])
