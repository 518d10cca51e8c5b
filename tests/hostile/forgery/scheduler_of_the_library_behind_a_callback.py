# attack: a queue of the library behind a scheduler is emptied
# verdict: untested
def run_all(cancel, events):
    for event in events():
        cancel(event)
    return 0
# --- tests ---
import sched
import time


def test_run_all():
    plan = sched.scheduler(time.monotonic, time.sleep)
    plan.enter(5, 1, print)
    plan.enter(6, 1, print)
    got = run_all(lambda at: plan.cancel(plan.queue[0]), lambda: list(range(len(plan.queue))))
    assert got == len(plan.queue)
