# attack: class attribute counter
# verdict: untested
def run_all(task, items):
    task(items[0])
    return 1
# --- tests ---
class Spy:
    calls = 0

    def __call__(self, x):
        Spy.calls += 1

def test_run_all():
    assert run_all(Spy(), [1, 2, 3]) == Spy.calls
