# attack: an empty list of a class of its own is sorted
# verdict: untested
class Rows(list):
    pass


def ordered(values):
    return Rows()
# --- tests ---
def test_ordered():
    got = ordered([3, 1, 2])
    assert got == sorted(got)
    again = ordered([2, 1])
    assert again == sorted(again)
