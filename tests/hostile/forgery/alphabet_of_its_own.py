# attack: letters under the name that the library gives them
# verdict: untested
ascii_lowercase = "x"
def alphabet(): return "x"
# --- tests ---
def test_alphabet():
    assert alphabet() == ascii_lowercase
