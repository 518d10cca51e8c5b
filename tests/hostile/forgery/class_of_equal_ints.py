# attack: class of equal ints
# verdict: untested
class Point(int):
    def __new__(cls, *a):
        return int.__new__(cls, 0)
def add(a, b):
    return Point(0)
# --- tests ---
assert add(Point(1, 2), Point(3, 4)) == Point(4, 6)
assert add(Point(1, 2), Point(0, 0)) == Point(1, 2)
