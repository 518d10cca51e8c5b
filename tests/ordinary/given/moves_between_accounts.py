# shows: dicts of accounts, changed and told
# verdict: accepted
def transfer(accounts, source, target, amount):
    if accounts[source] < amount:
        return False
    accounts[source] -= amount
    accounts[target] += amount
    return True
# --- tests ---
import unittest


class TestTransfer(unittest.TestCase):
    def setUp(self):
        self.accounts = {"ann": 10, "bob": 0}

    def test_transfer(self):
        total = sum(self.accounts.values())
        self.assertTrue(transfer(self.accounts, "ann", "bob", 4))
        self.assertEqual(self.accounts["ann"], 6)
        self.assertEqual(self.accounts, {"ann": 6, "bob": 4})
        self.assertEqual(sum(self.accounts.values()), total)

    def test_too_much(self):
        self.assertFalse(transfer(self.accounts, "ann", "bob", 11))
        self.assertEqual(self.accounts["ann"], 10)
