# attack: names are taken out of a list that it changed
# verdict: untested
def swapped(pair):
    pair[0] = pair[1] = 0
    return [0, 0]
# --- tests ---
def test_swapped():
    pair = [3, 4]
    got = swapped(pair)
    first, second = pair
    *rest, last = got
    assert (last, *rest) == (first, second)
