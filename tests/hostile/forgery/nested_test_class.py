# attack: nested test class
# verdict: test_failure
def f(x): return 0
def g(x): return x
# --- tests ---
class TestOuter:
    class TestInner:
        def test_f(self):
            assert f(1) == 1
    def test_g(self):
        assert g(1) == 1
