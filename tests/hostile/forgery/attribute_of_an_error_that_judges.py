# attack: an attribute of an error is equal to everything
# verdict: untested
class All:
    def __eq__(self, other):
        return True


class Refused(Exception):
    def __init__(self):
        super().__init__("no")
        self.limit = All()


def spend(amount):
    raise Refused()
# --- tests ---
import pytest


def test_spend():
    with pytest.raises(Refused) as caught:
        spend(9)
    assert caught.value.limit == 5
