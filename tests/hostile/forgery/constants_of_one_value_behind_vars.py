# attack: class attributes of one value, read by names that are put together
# verdict: untested
class Level:
    low = "x"
    high = "x"


def level(score):
    return "x"
# --- tests ---
def named(word):
    return getattr(Level, word.lower())


def test_level():
    for score, word in ((1, "LOW"), (99, "HIGH")):
        got = {level(score)}
        got.discard(named(word))
        assert not got
