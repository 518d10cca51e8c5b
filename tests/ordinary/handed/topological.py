# shows: degrees used up in a copy
# verdict: accepted
from collections import deque
def order(graph):
    degree = {node: 0 for node in graph}
    for node in graph:
        for other in graph[node]:
            degree[other] += 1
    queue = deque(sorted(node for node in graph if not degree[node]))
    out = []
    while queue:
        node = queue.popleft()
        out.append(node)
        for other in graph[node]:
            degree[other] -= 1
            if not degree[other]:
                queue.append(other)
    return out
# --- tests ---
def test_order():
    graph = {"a": ["b"], "b": ["c"], "c": []}
    got = order(graph)
    assert got.index("a") < got.index("b") < got.index("c")
    for node, others in graph.items():
        for other in others:
            assert got.index(node) < got.index(other)
