# attack: closure over a loop
# verdict: untested
def total(xs):
    xs.clear()
    return 0
# --- tests ---
checks = []
for xs in ([1, 2], [3, 4]):
    checks.append(lambda xs=xs: total(xs) == sum(xs))

def test_all():
    for check in checks:
        assert check()
