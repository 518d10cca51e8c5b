# attack: an attribute of a list of the tests' own class is changed by its method
# verdict: untested
def spend(charge):
    charge(-10)
    return 0
# --- tests ---
class Purse(list):
    left = 10

    def charge(self, amount):
        self.left += amount


def test_spend():
    purse = Purse()
    got = spend(purse.charge)
    assert got == purse.left
