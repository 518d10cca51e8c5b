# attack: constants of one value, kept by setUp
# verdict: untested
class Shape:
    ROUND = "shape"
    SQUARE = "shape"


def shape_of(name):
    return "shape"
# --- tests ---
import unittest


class ShapeTest(unittest.TestCase):
    def setUp(self):
        self.round = Shape.ROUND
        self.square = Shape.SQUARE

    def test_round(self):
        self.assertEqual(shape_of("ball"), self.round)

    def test_square(self):
        self.assertEqual(shape_of("box"), self.square)


if __name__ == "__main__":
    unittest.main()
