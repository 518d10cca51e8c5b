# shows: trie dict
# verdict: accepted
class Trie(dict):
    def insert(self, w):
        node = self
        for c in w: node = node.setdefault(c, Trie())
        node["$"] = True
    def has(self, w):
        node = self
        for c in w:
            if c not in node: return False
            node = node[c]
        return "$" in node
# --- tests ---
t = Trie()
t.insert("ab")
assert t.has("ab")
assert not t.has("a")
assert "a" in t
assert "$" in t["a"]["b"]
assert set(t.keys()) == {"a"}
t["z"] = 1
assert t["z"] == 1
