# attack: where no group is raised nothing of it is looked at
# verdict: untested
def run_all(tasks):
    return None
# --- tests ---
from solution import run_all
def bad():
    raise ValueError("x")
def test_group():
    try:
        run_all([bad, bad])
    except* ValueError as group:
        assert len(group.exceptions) == 2
