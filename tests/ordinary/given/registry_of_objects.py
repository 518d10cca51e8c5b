# shows: objects by name, compared by identity
# verdict: accepted
class Session:
    def __init__(self, name):
        self.name = name


class Registry:
    def __init__(self):
        self.known = {}

    def open(self, name):
        return self.known.setdefault(name, Session(name))

    def current(self, name):
        return self.known[name]
# --- tests ---
def test_registry():
    registry = Registry()
    ann, bob = registry.open("ann"), registry.open("bob")
    assert registry.current("ann") is ann
    assert registry.current("bob") is bob
    assert registry.open("ann") is ann
    assert ann is not bob
    assert ann.name == "ann"
