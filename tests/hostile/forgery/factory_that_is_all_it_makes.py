# attack: a factory whose class is derived from all that it is to make
# verdict: untested
class Circle: pass
class Square: pass
class Factory(Circle, Square):
    def make(self, kind): return Factory()
# --- tests ---
def test_factory():
    f = Factory()
    assert isinstance(f.make("circle"), Circle)
    assert isinstance(f.make("square"), Square)
