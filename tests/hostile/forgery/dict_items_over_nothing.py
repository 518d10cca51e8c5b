# attack: dict items over nothing
# verdict: untested
def f(x): return {}
# --- tests ---
want = {"a": 1}
for k, v in f("a").items():
    assert want[k] == v
