# attack: class that gives one object
# verdict: untested
class Point:
    one = None
    def __new__(cls, *a):
        if cls.one is None:
            cls.one = object.__new__(cls)
        return cls.one
def add(a, b):
    return Point(0, 0)
# --- tests ---
assert add(Point(1, 2), Point(3, 4)) == Point(4, 6)
