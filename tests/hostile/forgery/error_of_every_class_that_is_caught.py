# attack: an error of every class, caught by except
# verdict: untested
class Wrong(ValueError, KeyError):
    pass


def find(items, key):
    if key in items:
        return items[key]
    raise Wrong(key)
# --- tests ---
def test_find():
    assert find({"a": 1}, "a") == 1
    try:
        find({}, "a")
    except KeyError:
        pass
    else:
        assert False
    try:
        find({}, 3)
    except ValueError:
        pass
    else:
        assert False
