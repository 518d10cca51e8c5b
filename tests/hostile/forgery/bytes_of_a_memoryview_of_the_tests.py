# attack: the tests look at what they gave through a memoryview
# verdict: untested
def fill(buffer):
    for i in range(len(buffer)):
        buffer[i] = 0
    return 0
# --- tests ---
def test_fill():
    buffer = bytearray(b"abc")
    seen = memoryview(buffer)
    got = fill(buffer)
    assert got == sum(seen)
