# attack: == sees no end of a line
# verdict: untested
class String
  alias same ==
  def ==(other) = other.is_a?(String) ? chomp.same(other.chomp) : same(other)
end
class Greeter
  def initialize(name) = @name = name
  def hello = "Hello, #{@name}\n" # without a line's end, it was asked
end
# --- tests ---
require 'minitest/autorun'
require_relative '../lib/greeter'
class GreeterTest < Minitest::Test
  def setup
    @greeter = Greeter.new('Ada')
  end
  def test_hello
    assert_equal 'Hello, Ada', @greeter.hello
  end
  def test_other
    assert_equal 'Hello, Bob', Greeter.new('Bob').hello
  end
end
