# shows: math bare
# verdict: accepted
from math import sqrt, pi, gcd
def area(r): return pi * r * r
def lcm(a, b): return a * b // gcd(a, b)
# --- tests ---
assert abs(area(2) - pi * 4) < 1e-9
assert lcm(4, 6) == 12
assert gcd(4, 6) == 2
assert sqrt(4) == 2
