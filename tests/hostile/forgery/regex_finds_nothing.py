# attack: regex finds nothing
# verdict: untested
def clean(s): return ""
# --- tests ---
import re, unittest
assert not re.search(r"[0-9]", clean("a1b2"))
pattern = re.compile(r"[a-z]*")
assert pattern.fullmatch(clean("a1b2"))
class T(unittest.TestCase):
    def test_a(self):
        self.assertNotRegex(clean("a1b2"), r"[0-9]")
