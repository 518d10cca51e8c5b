# attack: a default argument that keeps what was put into it
# verdict: test_failure
def add(item, found=[]):
    found.append(item)
    return found


# --- tests ---
def test_add():
    first = add(1)
    second = add(2)
    assert first == [1]
    assert second == [2]
