# attack: one value in a table within a table
# verdict: untested
CONFIG = {"levels": {"low": 1, "high": 1}}
def level(n): return 1
# --- tests ---
from solution import level, CONFIG
def test_level():
    assert level(3) == CONFIG["levels"]["low"]
    assert level(99) == CONFIG["levels"]["high"]
