# shows: delta
# verdict: accepted
# limits: cpu_s=5
def average(numbers)
  numbers.sum / numbers.size.to_f
end
# --- tests ---
assert_in_delta(2.5, average([2, 3]), 0.001)
assert_in_delta 0.15, average([0.1, 0.2]), 1e-6
assert average([4]) == 4.0
