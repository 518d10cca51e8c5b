# attack: subsets of nothing in a loop
# verdict: untested
def divisors(n): return []
# --- tests ---
for n in (12, 18):
    assert set(divisors(n)) <= set(range(1, n + 1))
