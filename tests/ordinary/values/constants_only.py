# shows: constants only
# verdict: accepted
PRIMES = [2, 3, 5]
LIMIT = 10
# --- tests ---
assert PRIMES == [2, 3, 5]
assert LIMIT == 10
