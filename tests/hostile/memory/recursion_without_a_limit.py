# attack: recursion with the limit lifted
# verdict: memory_limit
import sys

sys.setrecursionlimit(10**9)
x = []


def f(n):
    x.append(bytearray(4096))
    f(n + 1)


f(0)
