# attack: vars lies
# verdict: test_failure
class A:
    @property
    def __dict__(self): return {"x": 4}
def f(): return A()
# --- tests ---
assert vars(f()) == {"x": 3}
