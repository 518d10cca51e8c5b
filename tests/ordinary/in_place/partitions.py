# shows: in place, with the place of the pivot told
# verdict: accepted
def partition(values, low, high):
    pivot, place = values[high], low
    for at in range(low, high):
        if values[at] <= pivot:
            values[place], values[at] = values[at], values[place]
            place += 1
    values[place], values[high] = values[high], values[place]
    return place


def quicksort(values, low=0, high=None):
    high = len(values) - 1 if high is None else high
    if low < high:
        place = partition(values, low, high)
        quicksort(values, low, place - 1)
        quicksort(values, place + 1, high)
# --- tests ---
def test_partition():
    values = [7, 2, 9, 4]
    assert partition(values, 0, 3) == 1
    assert values == [2, 4, 9, 7]


def test_quicksort():
    values = [7, 2, 9, 4]
    expected = sorted(values)
    quicksort(values)
    assert values == expected
