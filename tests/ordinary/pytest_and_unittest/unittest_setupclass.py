# shows: unittest setupclass
# verdict: accepted
def add(a, b): return a + b
# --- tests ---
import unittest
class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.n = 5
    def test_a(self):
        self.assertEqual(add(self.n, 1), 6)
        with self.subTest(i=1):
            self.assertTrue(add(1, 1) == 2)
if __name__ == "__main__":
    unittest.main()
