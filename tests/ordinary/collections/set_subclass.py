# shows: set subclass
# verdict: accepted
class Tags(set):
    def joined(self): return ",".join(sorted(self))
def common(a, b): return Tags(a) & Tags(b)
def tags(a): return Tags(a)
# --- tests ---
assert common(["a", "b"], ["b"]) == {"b"}
assert Tags(["b", "a"]).joined() == "a,b"
assert tags(["x"]) == {"x"}
assert isinstance(tags(["x"]), set)
assert len(tags(["x"])) == 1
assert "x" in tags(["x"])
