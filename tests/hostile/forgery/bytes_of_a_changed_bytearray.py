# attack: a bytearray is changed, and the tests compute a checksum of it
# verdict: untested
def checksum(data):
    data[:] = b""
    return 0
# --- tests ---
def reference(data):
    total = 0
    for byte in data:
        total = (total + byte) % 256
    return total


def test_checksum():
    data = bytearray(b"abc")
    got = checksum(data)
    want = reference(data)
    if got != want:
        raise AssertionError(f"{got} is not {want}")
    assert got == want
