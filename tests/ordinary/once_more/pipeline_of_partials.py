# shows: pipeline of partials
# verdict: accepted
import functools
def pipeline(*steps):
    return lambda x: functools.reduce(lambda acc, step: step(acc), steps, x)
# --- tests ---
from functools import partial

def scale(by, x):
    return by * x

def test_pipeline():
    seen = []
    run = pipeline(partial(scale, 3), lambda x: seen.append(x) or x, str)
    assert run(2) == "6"
    assert seen == [6]
