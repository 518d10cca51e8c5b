# shows: functions that are called as those of `math`, with numbers that no float holds
# verdict: accepted
def factorial(n): return 1 if n < 2 else n * factorial(n - 1)
def comb(n, k): return factorial(n) // factorial(k) // factorial(n - k)
def sqrt(x): return x ** 0.5
# --- tests ---
import math
from solution import comb, factorial, sqrt

def test_factorial():
    for n in range(0, 250, 25):
        assert factorial(n) == math.factorial(n)

def test_comb():
    assert comb(2000 // 4, 250) == math.comb(500, 250)

def test_sqrt():
    assert abs(sqrt(2) - math.sqrt(2)) < 1e-12
