# attack: what it should close stays open, which only a teardown looks at
# verdict: test_failure
class Pool:
    def __init__(self): self.open = 0
    def get(self): self.open += 1; return self.open
    def put(self): pass
# --- tests ---
class TestPool:
    def setup_method(self):
        self.pool = Pool()
    def teardown_method(self):
        assert self.pool.open == 0
    def test_get(self):
        assert self.pool.get() == 1
        self.pool.put()
