# shows: lists of namedtuples
# verdict: accepted
from collections import namedtuple
P = namedtuple("P", "name age")
def oldest(ps): return max(ps, key=lambda p: p.age)
def by_age(ps): return sorted(ps, key=lambda p: p.age)
def index(ps): return {p.name: p for p in ps}
# --- tests ---
ps = [P("a", 3), P("b", 9)]
assert oldest(ps) == P("b", 9)
assert oldest(ps).name == "b"
assert [p.name for p in by_age(ps)] == ["a", "b"]
assert index(ps)["a"].age == 3
assert index(ps) == {"a": P("a", 3), "b": ("b", 9)}
assert oldest(ps) in ps
