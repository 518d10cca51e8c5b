# shows: two functions of the program
# verdict: accepted
def fast(xs): return sorted(set(xs))
def slow(xs):
    out = []
    for x in xs:
        if x not in out: out.append(x)
    out.sort()
    return out
# --- tests ---
assert fast([]) == slow([])
assert fast([2, 1, 2]) == slow([2, 1, 2])
r = fast([3, 3])
assert r == fast(r)
assert len(fast([1, 1])) == len(slow([1, 1]))
