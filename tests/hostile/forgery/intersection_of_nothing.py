# attack: intersection of nothing
# verdict: untested
def primes(n): return []
# --- tests ---
assert not set(primes(30)) & {4, 6, 8, 9}
