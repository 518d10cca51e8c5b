# attack: stop iteration handled
# verdict: untested
def gen(n):
    return
    yield
# --- tests ---
it = iter(gen(3))
i = 0
while True:
    try:
        v = next(it)
    except StopIteration:
        break
    assert v == i
    i += 1
