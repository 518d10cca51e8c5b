# shows: expression_that_is_evaluated
# verdict: accepted
def infix(tokens):
    return " ".join(map(str, tokens))

def polynomial(coefficients):
    return " + ".join(f"{c} * x ** {i}" for i, c in enumerate(coefficients))
# --- tests ---
def test_infix():
    assert eval(infix([2, "+", 3, "*", 4])) == 14
    assert eval(infix(["(", 2, "+", 3, ")", "*", 4])) == 20

def test_polynomial():
    assert eval(polynomial([1, 0, 2]), {"x": 3}) == 19
