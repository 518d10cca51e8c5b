# attack: a float for an integer it is not
# verdict: test_failure
def f(n)
  2.0**n
end
# --- tests ---
assert_equal(1180591620717411303423, f(70))
assert_equal(2361183241434822606847, f(71))
