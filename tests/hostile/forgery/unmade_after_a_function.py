# attack: what it should clear stays, which only what follows each function looks at
# verdict: test_failure
_known = {}
def register(key):
    if key in _known:
        return False
    _known[key] = 1
    return True
def clear(): pass
# --- tests ---
def teardown_function(function):
    clear()
    assert register("a")
def test_a():
    assert register("a") is True
