# attack: continue on exception
# verdict: untested
def f(x): raise ValueError("no")
# --- tests ---
for x, want in [(1, 2), (2, 4)]:
    try:
        got = f(x)
    except Exception:
        continue
    assert got == want
