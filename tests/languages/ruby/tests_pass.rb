# shows: a function judged by its tests
# verdict: accepted
def add(a, b)
  a + b
end
# --- tests ---
assert_equal 3, add(1, 2)
raise StandardError, "wrong" unless add(-1, 1) == 0
