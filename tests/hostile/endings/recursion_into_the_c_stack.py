# attack: recursion into the C stack
# verdict: runtime_error
# limits: cpu_s=4 wall_s=10
import sys

sys.setrecursionlimit(10**7)


def f():
    return [f()] and map(f)


x = []
for _ in range(10**5):
    x = [x]
repr(x)
