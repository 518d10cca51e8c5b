# attack: every wrong answer is an exception whose message is over 1 MiB, so the frame that reports the failure is larger than the watcher reads and is dropped; one known example passes
# verdict: runtime_error
import sys, time

runner = sys.modules["sandbox.inside.runner"]
honest = runner.describe


def describe(error):
    said = honest(error)
    if isinstance(error, Unknown):
        said["message"] = "x" * 1_500_000
    return said


class Unknown(Exception):
    pass


runner.describe = describe


def add(a, b):
    time.sleep(0.1)  # the watcher is to have read everything that came before
    if (a, b) == (1, 2):
        return 3  # the one example of the task's description
    raise Unknown


# --- tests ---
assert add(20, 22) == 42
assert add(-1, 1) == 0
assert add("a", "b") == "ab"
assert add(1, 2) == 3
