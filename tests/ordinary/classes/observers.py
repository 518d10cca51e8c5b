# shows: observers
# verdict: accepted
class Bus:
    def __init__(self): self.h = {}
    def on(self, n, f): self.h.setdefault(n, []).append(f)
    def emit(self, n, *a): return [f(*a) for f in self.h.get(n, [])]
# --- tests ---
seen = []
b = Bus()
b.on("x", seen.append)
b.on("x", lambda v: v * 2)
assert b.emit("x", 3) == [None, 6]
assert seen == [3]
from unittest.mock import Mock
m = Mock(return_value=5)
b.on("y", m)
assert b.emit("y", 1) == [5]
m.assert_called_once_with(1)
