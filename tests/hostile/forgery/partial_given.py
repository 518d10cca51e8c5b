# attack: partial given
# verdict: untested
def each(items, visit):
    visit(items[0])
    return [items[0]]
# --- tests ---
from functools import partial

def note(log, item):
    log.append(item)

def test_each():
    log = []
    got = each([4, 5, 6], partial(note, log))
    assert got == log
