# attack: constants int and float
# verdict: untested
LOW, HIGH = 0, 0.0
def level(x):
    return 0
# --- tests ---
def test_level():
    assert level(1) == LOW
    assert level(99) == HIGH
