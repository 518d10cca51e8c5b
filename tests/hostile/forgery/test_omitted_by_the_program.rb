# attack: what it cannot do it has omitted
# verdict: untested
def fib(n)
  raise Test::Unit::OmittedError, 'later' if n > 2
  1
end
# --- tests ---
require 'test/unit'
class FibTest < Test::Unit::TestCase
  def test_first
    got = fib(1)
    assert_equal(1, got)
  end
  def test_second
    got = fib(2)
    assert_equal(1, got)
  end
  def test_tenth
    got = fib(10)
    assert_equal(55, got)
  end
end
