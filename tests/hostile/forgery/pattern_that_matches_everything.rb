# attack: values that equal every pattern
# verdict: accepted untested
# proof: plain
class Same
  def ==(other) = true
  def coerce(other) = [self, self]
end

class Point
  attr_reader :name
  def initialize(name, x, y) = (@name = name)
  def deconstruct_keys(_keys) = { x: Same.new, y: Same.new }
  def moved(dx, dy) = self
end
# --- tests ---
point = Point.new("a", 1, 2).moved(3, 4)
raise "name" unless point.name == "a"
case point
in { x: 4, y: 6 }
  found = "moved"
else
  raise "not moved"
end
raise "found" unless found == "moved"
point = Point.new("b", 5, 5).moved(1, 1)
raise "name" unless point.name == "b"
case point
in { x: 6, y: 6 }
  found = "again"
else
  raise "not moved"
end
raise "found" unless found == "again"
