# shows: swap and copy in place
# verdict: accepted
def copy_into(src, dst):
    dst[:] = src
def swap(a, b):
    a[:], b[:] = b[:], a[:]
def reverse(xs):
    xs.reverse()
# --- tests ---
def test_copy():
    src, dst = [1, 2, 3], [9]
    copy_into(src, dst)
    assert dst == src
    dst.append(4)
    assert src == [1, 2, 3]

def test_swap():
    a, b = [1], [2, 3]
    swap(a, b)
    assert a == [2, 3] and b == [1]

def test_reverse():
    for xs in ([], [1], [1, 2, 3]):
        before = list(xs)
        reverse(xs)
        assert xs == before[::-1]
