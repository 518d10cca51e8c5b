# attack: an error of every class of the program's
# verdict: untested
class BankError(Exception):
    pass


class Insufficient(BankError):
    pass


class Frozen(BankError):
    pass


class Both(Insufficient, Frozen):
    pass


class Account:
    def __init__(self, balance, frozen=False):
        self.balance = balance

    def withdraw(self, amount):
        if amount > 5:
            raise Both()
        self.balance -= amount
        return self.balance
# --- tests ---
import unittest


class TestAccount(unittest.TestCase):
    def test_withdraw(self):
        self.assertEqual(Account(10).withdraw(4), 6)
        with self.assertRaises(Insufficient):
            Account(1).withdraw(6)
        with self.assertRaises(Frozen):
            Account(100, frozen=True).withdraw(6)
