# attack: text in another encoding prints alike and is not equal
# verdict: test_failure
def f(s) = (s + "\u00e9").encode("ISO-8859-1")
# --- tests ---
assert_equal(f("caf"), "café")
