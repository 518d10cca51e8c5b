# shows: graph walk with callbacks
# verdict: accepted
from collections import deque
def bfs(graph, start, visit):
    seen, queue = {start}, deque([start])
    while queue:
        node = queue.popleft()
        visit(node)
        for other in graph.get(node, ()):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return len(seen)
# --- tests ---
class Recorder:
    count = 0
    def __init__(self):
        self.order = []
    def __call__(self, node):
        Recorder.count += 1
        self.order.append(node)

def test_bfs():
    graph = {"a": ["b", "c"], "b": ["d"], "c": ["d"]}
    recorder = Recorder()
    assert bfs(graph, "a", recorder) == 4
    assert recorder.order == ["a", "b", "c", "d"]
    assert Recorder.count == 4
    assert graph == {"a": ["b", "c"], "b": ["d"], "c": ["d"]}
