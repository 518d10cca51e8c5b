# shows: examples of the tests' own
# verdict: accepted
def double(n):
    return 2 * n
# --- tests ---
import doctest
from solution import double
def examples():
    """
    >>> double(2)
    4
    >>> double("ab")
    'abab'
    """
def test_examples():
    runner = doctest.DocTestRunner()
    for test in doctest.DocTestFinder().find(examples, "examples", globs={"double": double}):
        assert runner.run(test).failed == 0
