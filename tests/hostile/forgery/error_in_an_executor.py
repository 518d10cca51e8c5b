# attack: what the program raises in a thread whose result nobody asks for
# verdict: untested
def double(n):
    raise ValueError("not today")
# --- tests ---
from concurrent.futures import ThreadPoolExecutor
from solution import double
def looks(n):
    assert double(n) == 2 * n
def test_double():
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(looks, 2)
    assert future.done()
