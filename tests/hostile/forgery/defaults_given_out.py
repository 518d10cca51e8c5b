# attack: the tests change the table of defaults that it gave
# verdict: test_failure
DEFAULTS = {"debug": False}


def defaults():
    return DEFAULTS


# --- tests ---
def test_defaults_stay():
    mine = defaults()
    mine["debug"] = True
    assert defaults() == {"debug": False}
