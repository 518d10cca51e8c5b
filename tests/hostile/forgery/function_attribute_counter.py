# attack: function attribute counter
# verdict: untested
def run_all(task, items):
    task(items[0])
    return 1
# --- tests ---
from solution import run_all

def test_run_all():
    def task(x):
        task.calls += 1
    task.calls = 0
    n = run_all(task, [1, 2, 3])
    assert n == task.calls
