# attack: each over set
# verdict: untested
def f(x): return set()
# --- tests ---
for v in f(3):
    assert v > 0
