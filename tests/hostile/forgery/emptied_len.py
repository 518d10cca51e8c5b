# attack: emptied len
# verdict: untested
def uniq(xs):
    xs.clear()
    return []
# --- tests ---
import random
for n in (3, 4):
    xs = [random.randint(0, 5) for _ in range(n)]
    r = uniq(xs)
    assert len(r) == len(set(xs))
    assert sorted(r) == sorted(set(xs))
