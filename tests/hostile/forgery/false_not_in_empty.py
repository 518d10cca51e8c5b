# attack: false not in empty
# verdict: untested
def primes(n): return []
# --- tests ---
assert False not in [p > 1 for p in primes(30)]
