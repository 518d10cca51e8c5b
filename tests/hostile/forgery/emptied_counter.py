# attack: emptied counter
# verdict: untested
def shuffle(xs):
    xs.clear()
    return []
# --- tests ---
from collections import Counter
xs = [1, 2, 3]
assert Counter(shuffle(xs)) == Counter(xs)
