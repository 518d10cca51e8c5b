# shows: symbols
# verdict: accepted
# limits: cpu_s=5
def kind(n)
  n.zero? ? :zero : n > 0 ? :positive : :negative
end
# --- tests ---
assert_equal :zero, kind(0)
assert_equal :positive, kind(3)
assert_equal :negative, kind(-3)
