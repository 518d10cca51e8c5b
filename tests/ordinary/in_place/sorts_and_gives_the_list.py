# shows: in place, and gives the list itself
# verdict: accepted
def bubble_sort(values):
    for end in range(len(values) - 1, 0, -1):
        for at in range(end):
            if values[at] > values[at + 1]:
                values[at], values[at + 1] = values[at + 1], values[at]
    return values
# --- tests ---
def test_bubble_sort():
    values = [3, 1, 2]
    expected = sorted(values)
    result = bubble_sort(values)
    assert result == expected
    assert values == expected
    assert result is values


def test_sorts_several():
    for case in ([], [1], [2, 1], [5, 4, 3, 2, 1]):
        want = sorted(case)
        assert bubble_sort(case) == want
