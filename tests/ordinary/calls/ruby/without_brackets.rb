# shows: without brackets
# verdict: accepted
# limits: cpu_s=5
def evens(numbers)
  numbers.select(&:even?)
end
# --- tests ---
assert_equal [2, 4], evens([1, 2, 3, 4])
assert_equal [], evens([])
assert_equal [0], evens([0])
