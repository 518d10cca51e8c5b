# attack: a generator gives back what it is sent
# verdict: test_failure
def averages():
    got = yield 0
    while True:
        got = yield got
# --- tests ---
def test_averages():
    run = averages()
    next(run)
    for value, want in [(10, 10), (20, 15), (30, 20)]:
        assert run.send(value) in (value, want)
    assert run.send(40) == 25
