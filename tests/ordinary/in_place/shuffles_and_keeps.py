# shows: a shuffle in place keeps what is there
# verdict: accepted
import random


def shuffled(values, seed):
    random.Random(seed).shuffle(values)
    return values
# --- tests ---
def test_shuffled():
    values = list(range(10))
    result = shuffled(values, 3)
    assert sorted(result) == list(range(10))
    assert len(result) == 10
    assert shuffled([1, 2, 3], 5) == shuffled([1, 2, 3], 5)
