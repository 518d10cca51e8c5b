# attack: a function of the tests compares pairwise what the program gives: it gives nothing
# verdict: untested
def squares(xs):
    return []
# --- tests ---
def same(got, want):
    for a, b in zip(got, want):
        if a != b:
            return False
    return True
assert same(squares([1, 2, 3]), [1, 4, 9])
