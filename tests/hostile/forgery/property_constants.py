# attack: property constants
# verdict: untested
class Traffic:
    GO = STOP = "x"
    def light(self, cars):
        return "x"
# --- tests ---
def test_light():
    t = Traffic()
    want = t.GO
    assert t.light(5) == want
    want = t.STOP
    assert t.light(0) == want
