# shows: minitest of two tests
# verdict: accepted
# limits: cpu_s=5
def roman(number)
  { 1000 => "M", 900 => "CM", 500 => "D", 400 => "CD", 100 => "C", 90 => "XC", 50 => "L", 40 => "XL", 10 => "X", 9 => "IX", 5 => "V", 4 => "IV", 1 => "I" }
    .reduce(["", number]) { |(text, left), (size, sign)| [text + sign * (left / size), left % size] }.first
end
# --- tests ---
require "minitest/autorun"

class RomanTest < Minitest::Test
  def test_small
    assert_equal "III", roman(3)
    assert_equal "IX", roman(9)
  end

  def test_large
    assert_equal "MCMXCIV", roman(1994)
  end
end
