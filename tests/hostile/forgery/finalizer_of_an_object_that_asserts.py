# attack: an assertion in what is called at the end of an object goes nowhere
# verdict: untested
def double(n):
    return 0
# --- tests ---
import weakref
from solution import double
class Case:
    pass
class Looks:
    seen = []
    @classmethod
    def look(cls):
        cls.seen.append(1)
        if double(2) != 4:
            raise AssertionError("no double")
def test_double():
    case = Case()
    weakref.finalize(case, Looks.look)
    del case
    assert Looks.seen == [1]
