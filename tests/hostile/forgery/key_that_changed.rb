# attack: a hash whose key changed after it was put there
# verdict: untested test_failure
def index(words)
  key = ["x"]
  out = { key => 1 }
  key[0] = words[0]
  out
end
# --- tests ---
assert_equal({ ["a"] => 1 }, index(["a"]))
assert_equal({ ["b"] => 1 }, index(["b"]))
