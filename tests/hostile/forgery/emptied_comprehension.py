# attack: emptied comprehension
# verdict: untested
def double(xs):
    xs.clear()
    return []
# --- tests ---
xs = [1, 2, 3]
assert double(xs) == [x * 2 for x in xs]
