# attack: pytest fixture not run
# verdict: untested
def add(a, b):
    return a + b
def sub(a, b):
    return 0
# --- tests ---
def test_add():
    assert add(1, 2) == 3
def test_sub(capsys):
    assert sub(3, 1) == 2
