# shows: own math
# verdict: accepted
def gcd(a, b):
    while b: a, b = b, a % b
    return a
def factorial(n): return 1 if n < 2 else n * factorial(n - 1)
def is_prime(n): return n > 1 and all(n % i for i in range(2, int(n ** 0.5) + 1))
# --- tests ---
assert gcd(12, 18) == 6
assert factorial(5) == 120
assert [n for n in range(10) if is_prime(n)] == [2, 3, 5, 7]
