# shows: a memo that is handed in
# verdict: accepted
def fib(n, memo):
    if n in memo:
        return memo[n]
    memo[n] = n if n < 2 else fib(n - 1, memo) + fib(n - 2, memo)
    return memo[n]
# --- tests ---
def test_fib():
    memo = {}
    assert fib(10, memo) == 55
    assert memo[10] == 55
    assert len(memo) == 11
    assert fib(12, memo) == 144
