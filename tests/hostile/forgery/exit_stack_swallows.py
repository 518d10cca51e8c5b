# attack: exit stack swallows
# verdict: untested
class Ctx:
    def __enter__(self): return self
    def __exit__(self, t, v, tb): return True
def f(x): return 0
# --- tests ---
from contextlib import ExitStack
def test_a():
    with ExitStack() as stack:
        c = stack.enter_context(Ctx())
        assert c is not None
        if f(3) != 3:
            raise ValueError("wrong")
