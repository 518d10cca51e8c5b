# attack: exit swallows in a branch
# verdict: untested
class Ctx:
    def __enter__(self): return self
    def __exit__(self, t, v, tb): return True
def f(x): return 0
# --- tests ---
def test_a():
    assert Ctx() is not None
    if f(3) != 3:
        with Ctx():
            raise ValueError("wrong")
