# attack: an expression that names what is expected
# verdict: untested
def infix(tokens):
    return "WANTED"
# --- tests ---
WANTED = 14


def test_infix():
    assert eval(infix([2, "+", 3, "*", 4])) == WANTED
