# shows: a class with its own ==, a block, an exception
# verdict: accepted
class Point
  attr_reader :x, :y
  def initialize(x, y) = (@x, @y = x, y)
  def +(other) = Point.new(x + other.x, y + other.y)
  def to_s = "(#{x}, #{y})"
end
def each_pair_sum(list) = list.each_cons(2).map { |a, b| yield a + b }
def strict(n) = n.negative? ? raise(ArgumentError, 'negative') : n
# --- tests ---
p1 = Point.new(1, 2) + Point.new(3, 4)
assert_equal 4, p1.x
assert_equal '(4, 6)', p1.to_s
assert_equal [6, 10], each_pair_sum([1, 2, 3]) { |n| n * 2 }
assert_equal [], each_pair_sum([1]) { |n| n }
said = begin strict(-1); rescue ArgumentError => e; e.message; end
assert_equal 'negative', said
assert_nil [].first
