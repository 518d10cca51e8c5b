# attack: objects are as many in a set as there should be values
# verdict: untested
def square(n):
    return object()


# --- tests ---
assert len({square(n) for n in range(3)}) == 3
