# attack: what a call gave is changed by a thread while it waits to be compared
# verdict: untested test_failure
def items(n)
  out = [0]
  Thread.new { sleep 0.001; out.replace((1..n).to_a) }
  out
end
# --- tests ---
got = items(2)
want = [1, 2]
assert_equal(want, got)
got = items(3)
assert_equal([1, 2, 3], got)
