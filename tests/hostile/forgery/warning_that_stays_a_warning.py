# attack: it warns, and the tests make an error of that where it does not see it
# verdict: untested
import warnings
def mean(xs):
    warnings.warn("old", DeprecationWarning)
    return sum(xs) / len(xs)
# --- tests ---
import warnings
def test_quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert mean([1, 2]) == 1.5
