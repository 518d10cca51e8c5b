# attack: the edges of a graph are taken away, and a reference search of the tests finds as little
# verdict: untested
def reachable(graph, start):
    for node in graph:
        graph[node].clear()
    return {start}
# --- tests ---
def search(graph, start):
    seen, stack = {start}, [start]
    while stack:
        for node in graph[stack.pop()]:
            if node not in seen:
                seen.add(node)
                stack.append(node)
    return seen


def test_reachable():
    graph = {"a": ["b"], "b": ["c"], "c": []}
    found = reachable(graph, "a")
    reference = search(graph, "a")
    assert found == reference, (found, reference)
