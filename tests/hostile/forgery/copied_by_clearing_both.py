# attack: copied by clearing both
# verdict: untested
def copy_into(src, dst):
    src.clear()
    dst.clear()
# --- tests ---
def test_copy_into():
    src, dst = [1, 2, 3], [9]
    copy_into(src, dst)
    assert dst == src
