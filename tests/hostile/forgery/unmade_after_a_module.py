# attack: what it should close stays open, which only the end of the module looks at
# verdict: test_failure
class Conn:
    live = 0
    def __init__(self): Conn.live += 1
    def ask(self, x): return x + 1
    def close(self): pass
def live(): return Conn.live
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_a(self):
        conn = Conn()
        self.assertEqual(conn.ask(1), 2)
        conn.close()
def tearDownModule():
    assert live() == 0
