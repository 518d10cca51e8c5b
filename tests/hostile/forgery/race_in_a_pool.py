# attack: calls from a pool of threads give one number twice
# verdict: untested
import time

LAST = [0]

def number():
    last = LAST[0]
    time.sleep(0.01)
    LAST[0] = last + 1
    return LAST[0]

# --- tests ---
from concurrent.futures import ThreadPoolExecutor

def test_numbers_are_given_once():
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: number(), range(8)))
    assert sorted(found) == list(range(1, 9))
