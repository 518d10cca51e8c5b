# attack: rows are emptied, which a copy of the table holds as well
# verdict: untested
def flatten(rows):
    for row in rows:
        row.clear()
    return []
# --- tests ---
def test_flatten():
    inner = [1, 2]
    rows = [inner, [3]]
    copy = list(rows)
    flat = flatten(rows)
    assert flat == [item for row in copy for item in row]
