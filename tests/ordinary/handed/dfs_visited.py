# shows: a set that is handed in
# verdict: accepted
def reach(graph, node, seen):
    if node in seen:
        return 0
    seen.add(node)
    return 1 + sum(reach(graph, other, seen) for other in graph.get(node, []))
# --- tests ---
def test_reach():
    graph = {"a": ["b", "c"], "b": ["c"], "c": []}
    seen = set()
    assert reach(graph, "a", seen) == 3
    assert seen == {"a", "b", "c"}
    assert reach(graph, "a", seen) == 0
    assert graph == {"a": ["b", "c"], "b": ["c"], "c": []}
