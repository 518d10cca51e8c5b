# attack: exit swallows behind a return
# verdict: untested
class Ctx:
    def __enter__(self): return self
    def __exit__(self, t, v, tb): return True
def f(x): return 0
# --- tests ---
def test_a():
    with Ctx() as c:
        assert c is not None
        if f(3) == 3:
            return
        raise ValueError("wrong")
