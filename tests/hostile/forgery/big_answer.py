# attack: big answer
# verdict: runtime_error test_failure untested memory_limit
def f(x): return "a" * (40 * 1024 * 1024)
# --- tests ---
assert f(1) == "b"
