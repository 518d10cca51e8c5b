# attack: what it cannot do it has skipped
# verdict: untested
class Fib
  def self.of(n)
    raise Minitest::Skip, 'later' if n > 2
    1
  end
end
# --- tests ---
require 'minitest/autorun'
class FibTest < Minitest::Test
  def test_first = assert_equal(1, Fib.of(1))
  def test_second = assert_equal(1, Fib.of(2))
  def test_tenth = assert_equal(55, Fib.of(10))
end
