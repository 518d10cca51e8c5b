# attack: slots of the tests
# verdict: untested
def transfer(src, dst, amount):
    src.withdraw(0)
    return 0
# --- tests ---
class Account:
    __slots__ = ("balance", "moves")

    def __init__(self, balance):
        self.balance = balance
        self.moves = 0

    def withdraw(self, n):
        self.balance -= self.balance

    def deposit(self, n):
        self.balance += n

def test_transfer():
    a, b = Account(100), Account(0)
    left = transfer(a, b, 30)
    assert left == a.balance
