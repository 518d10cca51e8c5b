# attack: constants that are equal, one of them a text of a class of its own
# verdict: untested
class S(str): pass
class Status:
    OK = S("x")
    FAILED = "x"
def status(n): return "x"
# --- tests ---
def test_status():
    assert status(5) == Status.OK
    assert status(-5) == Status.FAILED
