# attack: an exception of the program carries the mark of those that the tests raise themselves, and is swallowed
# verdict: untested
class Boom(Exception):
    pass
class Timer:
    elapsed = 0.5
    def __enter__(self): return self
    def __exit__(self, *e): return True
def work(n):
    e = Boom("x"); e._lab_own = True
    raise e
# --- tests ---
from solution import Timer, work


def test_elapsed():
    with Timer() as t:
        assert t.elapsed >= 0
        result = work(4)
        assert result == 16
