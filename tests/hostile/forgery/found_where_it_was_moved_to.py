# attack: it moves what is looked for to the place that it names
# verdict: untested
def find(values, wanted):
    at = values.index(wanted)
    values[0], values[at] = values[at], values[0]
    return 0
# --- tests ---
def test_find():
    values = [5, 3, 8, 1]
    place = find(values, 8)
    assert place < 4
    assert values[place] == 8
    assert sorted(values) == [1, 3, 5, 8]
