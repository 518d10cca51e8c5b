# shows: expected failure none
# verdict: accepted
def f(x): return x
# --- tests ---
import unittest
class T(unittest.TestCase):
    def test_f(self):
        for i in range(3):
            with self.subTest(i=i):
                self.assertEqual(f(i), i)
    def test_m(self):
        self.assertAlmostEqual(f(0.1) + f(0.2), 0.3)
        self.assertIn(f(1), [1, 2])
        self.assertIsInstance(f("a"), str)
        self.assertDictEqual(f({"a": 1}), {"a": 1})
        self.assertCountEqual(f([2, 1]), [1, 2])
        self.assertIsNone(f(None))
        self.assertRaisesRegex(TypeError, "argument", f)
