# attack: callback assert swallowed
# verdict: untested
class Emitter:
    def __init__(self): self.h = []
    def on(self, h): self.h.append(h)
    def emit(self, e):
        for h in self.h:
            try: h("wrong")
            except BaseException: pass
# --- tests ---
def test_emit():
    e = Emitter()
    def handler(x):
        assert x == "event"
    e.on(handler)
    e.emit("event")
def test_two():
    e = Emitter()
    assert e.emit("x") is None
    def handler(x):
        assert x == "event"
    e.on(handler)
    assert e.emit("event") is None
