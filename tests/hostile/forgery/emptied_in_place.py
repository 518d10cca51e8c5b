# attack: emptied in place
# verdict: untested
def bubble_sort(xs):
    xs.clear()
# --- tests ---
xs = [3, 1, 2]
bubble_sort(xs)
assert xs == sorted(xs)
