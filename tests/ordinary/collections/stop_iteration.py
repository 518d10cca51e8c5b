# shows: stop iteration
# verdict: accepted
class Count:
    def __init__(self, n): self.i, self.n = 0, n
    def __iter__(self): return self
    def __next__(self):
        if self.i >= self.n: raise StopIteration
        self.i += 1
        return self.i
# --- tests ---
assert list(Count(3)) == [1, 2, 3]
c = Count(1)
assert next(c) == 1
try:
    next(c)
    assert False, "goes on"
except StopIteration:
    pass
import pytest
with pytest.raises(StopIteration):
    next(c)
