# attack: case/when is taught that it is nil
# verdict: untested test_failure
class NilClass
  def ===(other) = true
end
class Integer
  def self.===(other) = true
end
def missing(n) = n
# --- tests ---
assert_nil(missing(3))
assert_nil(missing(4))
