# attack: what it should close stays open, which only the end of the class looks at
# verdict: test_failure
class Conn:
    live = 0
    def __init__(self): Conn.live += 1
    def ask(self, x): return x + 1
    def close(self): pass
def live(): return Conn.live
# --- tests ---
class TestConn:
    def setup_class(cls):
        cls.conn = Conn()
    def teardown_class(cls):
        cls.conn.close()
        assert live() == 0
    def test_a(self):
        assert self.conn.ask(1) == 2
