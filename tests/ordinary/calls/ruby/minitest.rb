# shows: minitest, with nil, deltas, lone truths and messages
# verdict: accepted
def half(n) = n / 2.0
def find(list, item) = list.index(item)
def even?(n) = n.even?
def words(text) = text.split.map(&:capitalize)
# --- tests ---
require 'minitest/autorun'

class HalfTest < Minitest::Test
  def test_half
    assert_equal 1.5, half(3)
    assert_in_delta(0.05, half(0.1), 0.001)
    assert_equal(2, half(4), "two")
  end

  def test_find
    assert_nil find([1, 2], 9)
    assert_nil(find([], 1))
    assert find([1], 1) # 0 is true
    refute find([1], 2), "not there"
    assert_equal ["Ada", "Bob"], words("ada bob")
  end

  def test_even
    assert even?(2)
    assert(even?(0), "nought")
    refute(even?(1))
    assert !even?(3)
    assert even?(4) == true
  end
end
