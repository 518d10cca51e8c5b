# shows: in place with a count, and what was before is kept
# verdict: accepted
def selection_sort(values):
    swaps = 0
    for start in range(len(values)):
        least = min(range(start, len(values)), key=values.__getitem__)
        if least != start:
            values[start], values[least] = values[least], values[start]
            swaps += 1
    return swaps
# --- tests ---
def test_selection_sort():
    values = [4, 2, 9, 1]
    before = list(values)
    assert selection_sort(values) == 2
    assert values == sorted(before)
    assert sorted(before) == [1, 2, 4, 9]
    assert selection_sort(values) == 0
