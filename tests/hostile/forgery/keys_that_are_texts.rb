# attack: texts for the symbols that are keys
# verdict: untested test_failure
def counted(words) = words.tally
# --- tests ---
assert_equal({ a: 2, b: 1 }, counted(%w[a b a].first(0) + ["a"]))
assert_equal({ a: 1 }, counted(["a"]))
