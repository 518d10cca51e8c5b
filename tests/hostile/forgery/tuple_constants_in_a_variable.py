# attack: tuple constants in a variable
# verdict: untested
RED = (0, 0, 0)
BLUE = (0, 0, 0)
def colour(name):
    return (0, 0, 0)
# --- tests ---
import solution

def test_red():
    want = solution.RED
    assert solution.colour("red") == want

def test_blue():
    want = solution.BLUE
    assert solution.colour("blue") == want
