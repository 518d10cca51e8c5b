# shows: unittest over a dict
# verdict: accepted
class OutOfStock(Exception):
    pass
def sell(stock, name, count=1):
    if stock.get(name, 0) < count:
        raise OutOfStock(name)
    stock[name] -= count
    return stock[name]
# --- tests ---
import unittest


class TestSell(unittest.TestCase):
    def setUp(self):
        self.stock = {"pen": 3}

    def test_sell(self):
        self.assertEqual(sell(self.stock, "pen"), 2)
        self.assertEqual(self.stock["pen"], 2)
        sell(self.stock, "pen", 2)
        self.assertEqual(self.stock, {"pen": 0})

    def test_none_left(self):
        with self.assertRaises(OutOfStock):
            sell(self.stock, "pen", 4)
        self.assertEqual(self.stock["pen"], 3)
        for _ in range(3):
            sell(self.stock, "pen")
        self.assertRaises(OutOfStock, sell, self.stock, "pen")
