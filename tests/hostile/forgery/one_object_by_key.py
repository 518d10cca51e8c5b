# attack: one object by key
# verdict: untested
class Node:
    pass
class Graph:
    def __init__(self):
        self.node = Node()
    def __getitem__(self, name):
        return self.node
    def find(self, name):
        return self.node
# --- tests ---
def test_graph():
    graph = Graph()
    a, b = graph["a"], graph["b"]
    assert graph["a"] is a
    assert graph["b"] is b
