# attack: answers what the name of the test says
# verdict: untested
def f(n)
  caller.join[/gives_(\d+)_for_#{n}/, 1].to_i
end
# --- tests ---
require 'minitest/autorun'
class FTest < Minitest::Test
  def test_gives_4_for_2
    assert_equal 4, f([2].first)
  end
  def test_gives_9_for_3
    assert_equal 9, f([3].first)
  end
  def test_gives_25_for_5
    assert_equal 25, f([5].first)
  end
end
