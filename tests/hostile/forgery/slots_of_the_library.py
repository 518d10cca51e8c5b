# attack: what a sorter of the library has in slots is changed by its methods
# verdict: untested
def count(ready, done):
    n = 0
    while True:
        found = ready()
        if not found:
            return 0
        done(*found)
# --- tests ---
import graphlib


def test_count():
    sorter = graphlib.TopologicalSorter({"b": ["a"], "c": ["b"]})
    sorter.prepare()
    got = count(sorter.get_ready, sorter.done)
    left = 3 if sorter.is_active() else 0
    assert got == left
