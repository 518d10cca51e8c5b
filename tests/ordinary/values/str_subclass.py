# shows: str subclass
# verdict: accepted
class Slug(str):
    def words(self): return self.split("-")
def slug(s): return Slug(s.lower().replace(" ", "-"))
# --- tests ---
s = slug("A B")
assert s == "a-b"
assert s.words() == ["a", "b"]
assert s.upper() == "A-B"
assert len(s) == 3
assert s + "!" == "a-b!"
assert {s: 1}["a-b"] == 1
assert f"{s}" == "a-b"
