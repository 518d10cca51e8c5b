# attack: an exception carries a function that says yes
# verdict: untested
class Refused(Exception):
    def __init__(self):
        super().__init__("no")
        self.matches = lambda other: True


def add(a, b):
    raise Refused


# --- tests ---
import pytest

with pytest.raises(Exception) as caught:
    add(1, "x")
assert caught.value.matches("expected a number")
