# attack: an object whose ! says no
# verdict: test_failure
class Yes; def !; false; end; def nil? = true; def ==(o) = true; end
def even?(n) = Yes.new
# --- tests ---
assert even?(2)
refute even?(3)
assert_nil even?(1)
