# shows: lists and dicts of classes of the tests, given
# verdict: accepted
def merged(base, extra):
    return {**base, **extra}
def total(row):
    return sum(row)
# --- tests ---
class Config(dict):
    pass
class Row(list):
    pass

def test_merged():
    base = Config(a=1)
    assert merged(base, {"b": 2}) == {"a": 1, "b": 2}
    assert base == {"a": 1}

def test_total():
    row = Row([1, 2, 3])
    assert total(row) == 6
    assert row == [1, 2, 3]
