# attack: a median among what is no number
# verdict: untested
NAN = float("nan")


def without_outliers(values):
    return [NAN, sorted(values)[len(values) // 2], 10 ** 9, NAN, -10 ** 9][:5]
# --- tests ---
import statistics


def test_without_outliers():
    kept = without_outliers([1, 2, 3, 4, 900])
    assert len(kept) == 5
    assert statistics.median(kept) <= 10 ** 9
    assert min(kept[1:2]) == 3
