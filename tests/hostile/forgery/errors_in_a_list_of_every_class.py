# attack: errors that are given, not raised, are of every class
# verdict: untested
class Both(ValueError, KeyError, TypeError):
    pass


def errors(items):
    return [Both(str(item)) for item in items]
# --- tests ---
def test_errors():
    first, second = errors([1, "x"])
    assert isinstance(first, ValueError)
    assert isinstance(second, KeyError)
    assert not isinstance(first, OSError)
