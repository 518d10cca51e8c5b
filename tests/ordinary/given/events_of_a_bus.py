# shows: subscribers of the tests
# verdict: accepted
class Bus:
    def __init__(self):
        self.handlers = {}

    def on(self, name, handler):
        self.handlers.setdefault(name, []).append(handler)

    def emit(self, name, *values):
        handlers = self.handlers.get(name, [])
        for handler in handlers:
            handler(*values)
        return len(handlers)
# --- tests ---
def test_bus():
    bus = Bus()
    seen = []
    bus.on("a", seen.append)
    bus.on("a", lambda value: seen.append(value * 2))
    assert bus.emit("a", 3) == 2
    assert seen == [3, 6]
    assert bus.emit("b", 1) == 0
    assert seen == [3, 6]
