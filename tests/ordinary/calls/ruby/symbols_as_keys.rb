# shows: symbols as keys
# verdict: accepted
# limits: cpu_s=5
def summary(numbers)
  { min: numbers.min, max: numbers.max, kind: numbers.size.even? ? :even : :odd }
end
# --- tests ---
require 'minitest/autorun'

class SummaryTest < Minitest::Test
  def test_summary
    assert_equal({ min: 1, max: 3, kind: :even }, summary([3, 1]))
    assert_equal({ min: 2, max: 2, kind: :odd }, summary([2]))
  end
end
