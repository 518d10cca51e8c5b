# shows: context
# verdict: accepted
import contextlib
class Timer:
    def __enter__(self): self.on = True; return self
    def __exit__(self, *a): self.on = False
@contextlib.contextmanager
def opened(log):
    log.append("in"); yield 5; log.append("out")
# --- tests ---
with Timer() as t:
    assert t.on is True
assert t.on is False
log = []
with opened(log) as v:
    assert v == 5
