# shows: namedtuple methods
# verdict: accepted
from typing import NamedTuple
class Point(NamedTuple):
    x: int
    y: int = 0
    def norm(self):
        return (self.x ** 2 + self.y ** 2) ** 0.5
    @property
    def double(self):
        return Point(self.x * 2, self.y * 2)
def midpoint(a, b):
    return Point((a.x + b.x) // 2, (a.y + b.y) // 2)
# --- tests ---
assert Point(3, 4).norm() == 5
assert midpoint(Point(0, 0), Point(2, 2)) == Point(1, 1)
assert midpoint(Point(0, 0), Point(2, 2)) == (1, 1)
assert isinstance(midpoint(Point(0, 0), Point(2, 2)), Point)
assert Point(1, 2).double == Point(2, 4)
assert Point(1)._asdict() == {"x": 1, "y": 0}
assert Point(1)._replace(y=5) == (1, 5)
x, y = Point(7, 8)
assert (x, y) == (7, 8)
