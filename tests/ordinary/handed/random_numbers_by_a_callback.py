# shows: random_numbers_by_a_callback
# verdict: accepted
def shuffled(values, draw):
    out = list(values)
    for i in range(len(out) - 1, 0, -1):
        j = int(draw() * (i + 1))
        out[i], out[j] = out[j], out[i]
    return out

def sample(values, rng_choice, n):
    return [rng_choice(values) for _ in range(n)]
# --- tests ---
import random

def test_shuffled():
    values = list(range(10))
    out = shuffled(values, random.Random(3).random)
    assert sorted(out) == values
    assert out != values
    assert shuffled(values, lambda: 0.0) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]

def test_sample():
    rng = random.Random(5)
    out = sample("abc", rng.choice, 20)
    assert len(out) == 20
    assert set(out) <= set("abc")
