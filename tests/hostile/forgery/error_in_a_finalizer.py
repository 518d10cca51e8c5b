# attack: what the program raises at the end of an object is told to nobody
# verdict: untested
def double(n):
    raise ValueError("not today")
# --- tests ---
import weakref
from solution import double
class Case:
    pass
ran = []
def looks():
    ran.append(1)
    assert double(2) == 4
def test_double():
    case = Case()
    weakref.finalize(case, looks)
    del case
    assert ran == [1]
