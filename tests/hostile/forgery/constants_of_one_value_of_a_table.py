# attack: constants of one value in a table, kept before an answer meets them
# verdict: untested
CODES = {"ok": "x", "banned": "x", "unknown": "x"}


def code(age):
    return "x"
# --- tests ---
def test_code():
    expected = CODES["ok"]
    assert code(20) == expected
    expected = CODES["banned"]
    assert code(12) == expected
    expected = CODES["unknown"]
    assert code(-1) == expected
