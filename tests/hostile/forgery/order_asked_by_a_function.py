# attack: operator.gt is asked about a NaN
# verdict: untested
def roots(value):
    return [float("nan"), float("nan")]
# --- tests ---
import operator


def test_roots():
    got = roots(4)
    assert len(got) == 2
    for one, wanted in zip(got, [-2.0, 2.0]):
        assert not operator.gt(abs(one - wanted), 1e-9)
