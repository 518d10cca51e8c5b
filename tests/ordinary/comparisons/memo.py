# shows: memo
# verdict: accepted
def fib(n, memo):
    if n in memo: return memo[n]
    memo[n] = n if n < 2 else fib(n - 1, memo) + fib(n - 2, memo)
    return memo[n]
# --- tests ---
memo = {}
assert fib(10, memo) == memo[10]
got = fib(12, memo)
want = memo[12]
assert got == want == 144
