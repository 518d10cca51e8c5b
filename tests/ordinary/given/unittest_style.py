# shows: unittest with a helper
# verdict: accepted
def insert_sorted(values, value):
    at = 0
    while at < len(values) and values[at] < value:
        at += 1
    values.insert(at, value)
    return at
# --- tests ---
import unittest


class TestInsert(unittest.TestCase):
    def check(self, values, value, want):
        at = insert_sorted(values, value)
        self.assertEqual(values, want)
        self.assertEqual(at, want.index(value))

    def test_insert(self):
        self.check([1, 3], 2, [1, 2, 3])
        self.check([], 5, [5])

    def test_order(self):
        values = []
        for value in (3, 1, 2):
            insert_sorted(values, value)
        self.assertEqual(values, sorted([3, 1, 2]))


if __name__ == "__main__":
    unittest.main()
