# shows: swallowed on purpose
# verdict: accepted
class Suppress:
    def __init__(self, *kinds): self.kinds = kinds; self.seen = None
    def __enter__(self): return self
    def __exit__(self, t, v, tb):
        self.seen = str(v)
        return t is not None and issubclass(t, self.kinds)
# --- tests ---
import pytest
def boom():
    raise ValueError("boom")
def test_a():
    s = Suppress(ValueError)
    with s:
        boom()
    assert s.seen == "boom"
def test_b():
    s = Suppress(ValueError)
    with s:
        x = 1
        raise ValueError(x)
    assert s.seen == "1"
def test_c():
    with pytest.raises(KeyError):
        with Suppress(ValueError):
            raise KeyError("x")
