# attack: one function for every route that the tests register
# verdict: untested
def one(*a): return 1
class Router:
    def __init__(self): pass
    def get(self, path): return lambda f: one
    def post(self, path): return lambda f: one
    def match(self, path): return one
# --- tests ---
def test_router():
    r = Router()
    @r.get("/a")
    def a(): return 1
    @r.post("/b")
    def b(): return 1
    assert r.match("/a") is a
    assert r.match("/b") is b
