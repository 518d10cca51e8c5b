# shows: accumulating argument
# verdict: accepted
def collect(n, acc):
    acc.append(n)
def push(h, x):
    h.append(x); h.sort()
# --- tests ---
acc = []
for i in range(3):
    collect(i, acc)
assert len(acc) == 3 and acc == [0, 1, 2]
h = []
for x in (3, 1, 2): push(h, x)
assert h == sorted(h)
assert h[0] == min(h)
