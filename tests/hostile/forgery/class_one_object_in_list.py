# attack: class one object in list
# verdict: untested
class Point:
    one = None
    def __new__(cls, *a):
        if cls.one is None:
            cls.one = object.__new__(cls)
        return cls.one
def both(a, b):
    return [Point(0), Point(0)]
# --- tests ---
assert both(1, 2) == [Point(1, 2), Point(2, 1)]
