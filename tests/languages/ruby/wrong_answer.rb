# shows: a function that its tests refuse
# verdict: test_failure
def add(a, b)
  a - b
end
# --- tests ---
assert_equal 3, add(1, 2)
raise StandardError, "wrong" unless add(-1, 1) == 0
