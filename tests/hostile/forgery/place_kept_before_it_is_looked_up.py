# attack: the place is kept, and what it put there is looked up
# verdict: untested
def find(values, wanted):
    values[0] = wanted
    return 0
# --- tests ---
def test_find():
    values = [5, 3, 8, 1]
    place = find(values, 8)
    found = values[place]
    assert found == 8
    assert place >= 0
