# attack: test in try
# verdict: test_failure
def f(x): return 0
def g(x): return x
# --- tests ---
if True:
    def test_f():
        assert f(1) == 1
def test_g():
    assert g(1) == 1
