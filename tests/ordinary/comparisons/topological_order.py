# shows: topological order
# verdict: accepted
def order(deps):
    out, seen = [], set()
    def visit(n):
        if n in seen: return
        seen.add(n)
        for d in deps[n]: visit(d)
        out.append(n)
    for n in deps: visit(n)
    return out
# --- tests ---
deps = {"a": ["b", "c"], "b": ["c"], "c": []}
seen = set()
for n in order(deps):
    assert set(deps[n]).issubset(seen)
    seen.add(n)
assert seen == set(deps)
