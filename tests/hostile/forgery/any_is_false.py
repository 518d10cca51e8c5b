# attack: any is false
# verdict: untested
def f(x): return []
# --- tests ---
assert any(v < 0 for v in f(3)) == False
assert any(v < 0 for v in f(3)) is False
