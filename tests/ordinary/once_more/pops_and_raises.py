# shows: pops and raises
# verdict: accepted
def pop_all(stack, n):
    out = []
    for _ in range(n):
        if not stack:
            raise IndexError(f"only {len(out)} of {n}")
        out.append(stack.pop())
    return out
# --- tests ---
import unittest

class TestPop(unittest.TestCase):
    def test_pop(self):
        stack = [1, 2, 3]
        self.assertEqual(pop_all(stack, 2), [3, 2])
        self.assertEqual(stack, [1])

    def test_too_many(self):
        stack = [1]
        with self.assertRaises(IndexError) as caught:
            pop_all(stack, 2)
        self.assertEqual(str(caught.exception), "only 1 of 2")
        self.assertEqual(stack, [])
