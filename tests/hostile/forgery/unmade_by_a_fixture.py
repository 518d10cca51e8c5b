# attack: what it should close stays open, which only the end of a fixture looks at
# verdict: test_failure
class Conn:
    live = 0
    def __init__(self): Conn.live += 1
    def ask(self, x): return x + 1
    def close(self): pass
def live(): return Conn.live
# --- tests ---
import pytest
@pytest.fixture(scope="module")
def conn():
    made = Conn()
    yield made
    made.close()
    assert live() == 0
def test_a(conn):
    assert conn.ask(1) == 2
def test_b(conn):
    assert conn.ask(2) == 3
