# shows: test unit
# verdict: accepted
# limits: cpu_s=5
def caesar(text, by)
  text.gsub(/[a-z]/) { |c| ((c.ord - 97 + by) % 26 + 97).chr }
end
# --- tests ---
require 'test/unit'

class CaesarTest < Test::Unit::TestCase
  def test_shift
    assert_equal 'bcd', caesar('abc', 1)
    assert_equal('abc', caesar('xyz', 3))
  end

  def test_nothing
    result = caesar('', 5)
    assert_equal '', result
  end
end
