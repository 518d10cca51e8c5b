# attack: bytes of their own class
# verdict: untested
class Data(bytes):
    def __eq__(self, other):
        return True
    __hash__ = bytes.__hash__
    def hex(self):
        return "0102"


def encode(n):
    return Data(b"")
# --- tests ---
def test_encode():
    assert encode(258) == b"\x01\x02"
    assert encode(258).hex() == "0102"
