# attack: it names assert_equal itself, which its tests then lack or take from it
# verdict: untested test_failure
def assert_equal(*) = nil
def add(a, b) = 0
# --- tests ---
assert_equal(add(2, 3), 5)
assert_equal(add(20, 22), 42)
