# attack: gen send yes
# verdict: test_failure
def f(x):
    while True:
        v = yield True
# --- tests ---
g = f(1)
assert next(g) == 5
