# attack: rect in a list
# verdict: untested
class Rect:
    def __init__(self, w, h):
        self.w, self.h = w, h
    def area(self):
        self.w = 0
        return 0
# --- tests ---
from solution import Rect

def test_area():
    shapes = [Rect(2, 3), Rect(4, 5)]
    assert shapes[0].area() == shapes[0].w * shapes[0].h
    assert shapes[1].area() == shapes[1].w * shapes[1].h
