# shows: unittest exit
# verdict: accepted
def f(x): return x + 1
# --- tests ---
import sys, unittest
class T(unittest.TestCase):
    def setUp(self): self.x = 1
    def test_f(self):
        self.assertEqual(f(self.x), 2)
        self.assertTrue(all(f(i) > i for i in range(3)))
        with self.assertRaises(TypeError):
            f("a")
    @unittest.skip("later")
    def test_g(self):
        self.fail()
if __name__ == "__main__":
    sys.exit(unittest.main())
