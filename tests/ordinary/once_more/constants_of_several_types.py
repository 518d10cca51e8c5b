# shows: constants of several types
# verdict: accepted
LIMIT, RATIO, STRICT, NAME, EMPTY = 1, 1.0, True, "", None
def settings():
    return {"limit": LIMIT, "ratio": RATIO, "strict": STRICT, "name": NAME, "empty": EMPTY}
# --- tests ---
from solution import LIMIT, RATIO, STRICT, NAME, EMPTY, settings

def test_settings():
    assert LIMIT == 1
    assert RATIO == 1.0
    assert STRICT is True
    assert settings()["limit"] == 1
    assert settings() == {"limit": 1, "ratio": 1.0, "strict": True, "name": "", "empty": None}
