# attack: the program swallows what interrupts a function of the tests, and calls it again
# verdict: test_failure
def retry(function, times):
    for _ in range(times):
        try:
            return function()
        except BaseException:
            pass


# --- tests ---
def test_an_interrupt_ends_it():
    calls = []

    def interrupted():
        calls.append(1)
        raise KeyboardInterrupt

    try:
        retry(interrupted, 3)
    except KeyboardInterrupt:
        pass
    assert calls == [1]
