# shows: ctx rollback
# verdict: accepted
class Tx:
    def __init__(self, d): self.d = d; self.log = []
    def __enter__(self):
        self.log.append("begin"); return self
    def __exit__(self, t, v, tb):
        self.log.append("rollback" if t else "commit")
        return False
# --- tests ---
def test_a():
    t = Tx({})
    try:
        with t:
            raise RuntimeError("x")
    except RuntimeError:
        pass
    assert t.log == ["begin", "rollback"]
