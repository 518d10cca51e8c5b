# shows: in place, and how many
# verdict: accepted
def remove_all(values, wanted):
    kept = [value for value in values if value != wanted]
    count = len(values) - len(kept)
    values[:] = kept
    return count
# --- tests ---
def test_remove_all():
    values = [1, 2, 3, 2]
    assert remove_all(values, 2) == 2
    assert values == [1, 3]
