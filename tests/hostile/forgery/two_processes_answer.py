# attack: parent and child both answer, so that answers run ahead of their questions
# verdict: test_failure runtime_error
import os

parent = os.getpid()


def add(a, b):
    if os.getpid() == parent:
        os.fork()
    return 5


# --- tests ---
assert add(2, 3) == 5
assert add(20, 22) == 42
assert abs(add(0.5, 0.25) - 0.75) < 1e-9
