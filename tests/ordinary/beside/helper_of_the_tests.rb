# shows: what people write
# verdict: accepted
class Array
  def second = self[1]
end
class Stack
  def initialize = @items = []
  def push(x) = tap { @items << x }
  def pop = @items.pop
  def to_s = @items.join(' ')
end
# --- tests ---
def assert_equal(expected, got)
  raise "expected #{expected}, got #{got}" unless expected == got
end
stack = Stack.new.push(1).push(2)
assert_equal(2, stack.pop)
assert_equal('1', stack.to_s)
assert_equal(5, [4, 5].second)
